#include "src/subsystem/status_routes.hpp"

#include "src/subsystem/status_health.hpp"
#include "src/subsystem/status_html.hpp"
#include "src/subsystem/status_page_assets.hpp"
#include "src/subsystem/tree_json.hpp"

#include <algorithm>
#include <chrono>
#include <string>

namespace hourglass::subsystem {
namespace {

HttpResponse probe(const Health& health) {
    return {.status = health.good ? 200 : 503, .body = health.text + "\n"};
}

HttpResponse page(const StatusSource& source) {
    return {
        .content_type = "text/html; charset=utf-8",
        .body = status_html(source.take_snapshot(), std::chrono::system_clock::now()),
    };
}

HttpResponse tree(const StatusSource& source) {
    return {.content_type = "application/json", .body = tree_json(source.take_snapshot())};
}

HttpResponse style(const StatusSource&) {
    return {.content_type = "text/css; charset=utf-8", .body = std::string{page_css()}};
}

HttpResponse script(const StatusSource&) {
    return {.content_type = "text/javascript; charset=utf-8", .body = std::string{page_js()}};
}

HttpResponse alive(const StatusSource& source) {
    return probe(liveness(source.life()));
}

HttpResponse ready(const StatusSource& source) {
    return probe(readiness(source.life(), source.workers()));
}

struct Route {
    std::string_view path;
    HttpResponse (*answer)(const StatusSource&);
};

constexpr Route kRoutes[] = {
    {"/", page},
    {"/tree.json", tree},
    {"/page.css", style},
    {"/page.js", script},
    {"/healthz", alive},
    {"/readyz", ready},
};

}  // namespace

bool names_this_machine(std::string_view host) {
    if (host.starts_with('[')) {
        return true;  // an IPv6 address: no name has brackets
    }
    const std::string_view name = host.substr(0, host.find(':'));
    // No domain of the internet ends in a number; and HTTP/1.0 may leave the header out.
    return name == "localhost" || name.empty() ||
           std::ranges::all_of(name, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

HttpResponse answer_to(const HttpRequest& request, const StatusSource& source, bool check_host) {
    if (check_host && !names_this_machine(request.host)) {
        return {
            .status = 403, .body = "this page is for this machine: ask for localhost or 127.0.0.1\n"
        };
    }
    const auto* const route = std::ranges::find(kRoutes, request.path, &Route::path);
    if (route == std::end(kRoutes)) {
        return {.status = 404, .body = "there is no such page; begin with /\n"};
    }
    if (request.method != "GET" && request.method != "HEAD") {
        return {.status = 405, .body = "this can only be read: GET or HEAD\n"};
    }
    return route->answer(source);
}

}  // namespace hourglass::subsystem
