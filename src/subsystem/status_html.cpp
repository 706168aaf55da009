#include "src/subsystem/status_html.hpp"

#include "src/subsystem/counter_series.hpp"
#include "src/subsystem/status_health.hpp"

#include <cstdio>
#include <ctime>
#include <vector>

namespace hourglass::subsystem {
namespace {

using supervision::ChildReport;
using supervision::ChildType;
using supervision::Restart;

// Of processes that come and go by themselves: a busy worker has hundreds.
constexpr std::size_t kMaxPassing = 6;

constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hourglass status</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="page.css">
<script src="page.js" defer></script>
<noscript><meta http-equiv="refresh" content="5"></noscript>
</head>
<body>
)";

std::string element(std::string_view tag, std::string_view classes, std::string_view text) {
    std::string html{"<"};
    html.append(tag).append(" class=\"").append(classes).append("\">");
    html.append(escape_html(text)).append("</").append(tag).append(">");
    return html;
}

std::string counted(std::size_t count, const char* one, const char* many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

/// "42 s", "7 min", "3 h", "2 d".
std::string duration_for_people(std::chrono::nanoseconds time) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
    if (seconds < 100) {
        return std::to_string(seconds) + " s";
    }
    if (seconds < 100 * 60) {
        return std::to_string(seconds / 60) + " min";
    }
    if (seconds < 48 * 3600) {
        return std::to_string(seconds / 3600) + " h";
    }
    return std::to_string(seconds / 86400) + " d";
}

std::string facts(const ChildReport& child) {
    std::string text{child.unavailable ? "does not answer" : supervision::to_text(child.state)};
    if (child.uptime.count() > 0) {
        text.append(" for ").append(duration_for_people(child.uptime));
    }
    text.append(" · mailbox ").append(std::to_string(child.mailbox_length));
    return text;
}

std::string node(const ChildReport& child) {
    std::string html{"<div class=\"node "};
    html.append(to_text(level_of(child))).append("\">");
    html.append(element("b", "id", child.id.empty() ? "(no name)" : child.id));
    if (child.restarts > 0) {
        html.append(element("span", "restarts", counted(child.restarts, "restart", "restarts")));
    }
    if (!child.strategy.empty()) {
        html.append(element("span", "strategy", child.strategy));
    }
    html.append(element("span", "facts", facts(child)));
    if (child.last_exit) {
        html.append(element("span", "exit", "last exit: " + child.last_exit->text()));
    }
    if (child.abandoned > 0) {
        html.append(
            element("span", "exit", counted(child.abandoned, "handler hangs", "handlers hang"))
        );
    }
    return html.append("</div>");
}

bool is_passing(const ChildReport& child) {
    return child.type == ChildType::Worker && child.restart == Restart::Temporary;
}

std::string list(const std::vector<ChildReport>& children) {
    if (children.empty()) {
        return {};
    }
    std::string html{"<ul>"};
    std::size_t passing = 0;
    for (const ChildReport& child : children) {
        if (is_passing(child) && ++passing > kMaxPassing) {
            continue;
        }
        html.append("<li>").append(node(child)).append(list(child.children)).append("</li>\n");
    }
    if (passing > kMaxPassing) {
        html.append("<li>")
            .append(element("div", "more", "and " + std::to_string(passing - kMaxPassing) + " more")
            )
            .append("</li>");
    }
    return html.append("</ul>");
}

std::string tree(const StatusSnapshot& snapshot) {
    if (!snapshot.tree_answers) {
        return element("p", "silent", "The root of the tree does not answer.");
    }
    ChildReport root;
    root.id = "Application";
    root.state = supervision::ChildState::Running;
    root.strategy = snapshot.tree.strategy;
    root.mailbox_length = snapshot.tree.pid.mailbox_length();
    root.abandoned = snapshot.tree.abandoned;
    return "<ul><li>" + node(root) + list(snapshot.tree.children) + "</li></ul>";
}

std::string meter(std::string_view label, std::size_t value, std::size_t max) {
    const std::string used = std::to_string(value);
    const std::string limit = std::to_string(max);
    return "<div class=\"meter\">" + element("span", "label", label) +
           element("span", "count", used + " of " + limit) + "<meter min=\"0\" max=\"" +
           std::to_string(std::max<std::size_t>(max, 1)) + "\" value=\"" + used +
           "\"></meter></div>";
}

std::string limits(const WorkerStatus& worker) {
    std::string text = "limits: " + std::to_string(worker.max_concurrent_workflow_tasks) +
                       " workflow tasks, " + std::to_string(worker.max_concurrent_activities) +
                       " activities, " + std::to_string(worker.max_cached_workflows) +
                       " cached workflows";
    if (const auto rate = worker.max_task_queue_activities_per_second) {
        char number[32];
        std::snprintf(number, sizeof number, "%g", *rate);
        text.append(", ").append(number).append(" activities a second in the whole queue");
    }
    return text;
}

std::string card(const WorkerStatus& worker) {
    const std::size_t slots =
        std::size_t{worker.max_concurrent_workflow_tasks} + worker.max_concurrent_activities;
    return std::string{"<article class=\"card "} + (worker.registered ? "ok" : "changing") + "\">" +
           element("h3", "id", worker.task_queue) +
           element(
               "span",
               "facts",
               worker.registered ? "registered, polls" : "not registered with the server"
           ) +
           meter("tasks in hand", worker.tasks_in_hand, slots) +
           element("span", "limits", limits(worker)) +
           (worker.comes_back ? std::string{}
                              : element("span", "limits", "does not come back after a cascade")) +
           "</article>\n";
}

/// What the workers of the process use together.
std::string together(const StatusSnapshot& snapshot) {
    std::size_t cached = 0;
    std::size_t running = 0;
    for (const WorkerStatus& worker : snapshot.workers) {
        cached += worker.max_cached_workflows;
        running += worker.max_concurrent_activities;
    }
    return "<article class=\"card process\">" + element("h3", "id", "All workers") +
           meter("running activities", snapshot.running_activities, running) +
           meter("cached workflows", snapshot.cached_workflows, cached) + "</article>\n";
}

std::string workers(const StatusSnapshot& snapshot) {
    std::string html;
    for (const WorkerStatus& worker : snapshot.workers) {
        html.append(card(worker));
    }
    return html.append(together(snapshot));
}

/// What is not 0, a line each.
std::string counters(const Counters& counters) {
    std::string rows;
    for (const CounterSeries& series : series_of(counters)) {
        if (series.value == 0) {
            continue;
        }
        std::string labels;
        for (const auto& [name, value] : series.labels) {
            labels.append(labels.empty() ? "" : ", ").append(name).append(" ").append(value);
        }
        rows.append("<tr>")
            .append(element("td", "count", std::to_string(series.value)))
            .append(element("td", "name", series.name))
            .append(element("td", "id", labels))
            .append("</tr>\n");
    }
    return rows.empty() ? element("p", "limits", "nothing")
                        : "<table class=\"counters\"><tbody>" + rows + "</tbody></table>";
}

std::string header(const StatusSnapshot& snapshot, std::chrono::system_clock::time_point now) {
    const Health ready = readiness(snapshot.life, snapshot.workers);
    const bool alive = liveness(snapshot.life).good;
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    char time[16];
    std::strftime(time, sizeof time, "%H:%M:%S", &utc);
    return "<header><h1>Hourglass</h1><p id=\"health\" class=\"" +
           std::string{
               ready.good ? "ok"
               : alive    ? "changing"
                          : "down"
           } +
           "\">" + escape_html(ready.text) + "</p><p id=\"when\">as of " + time +
           " UTC</p></header>\n";
}

}  // namespace

std::string escape_html(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            case '\'':
                escaped += "&#39;";
                break;
            default:
                escaped += c;
        }
    }
    return escaped;
}

std::string status_html(const StatusSnapshot& snapshot, std::chrono::system_clock::time_point now) {
    std::string html{kHead};
    html.append(header(snapshot, now));
    html.append("<main>\n<section><h2>Workers</h2><div id=\"workers\">");
    html.append(workers(snapshot));
    html.append("</div></section>\n<section><h2>Supervision tree</h2><div id=\"tree\">");
    html.append(tree(snapshot));
    html.append("</div></section>\n<section><h2>Healed since the start</h2><div id=\"counters\">");
    html.append(counters(snapshot.counters));
    html.append("</div></section>\n</main>\n</body>\n</html>\n");
    return html;
}

}  // namespace hourglass::subsystem
