#include "src/nexus/links.hpp"

#include "src/nexus/url.hpp"

#include "temporal/api/enums/v1/event_type.pb.h"

#include <google/protobuf/descriptor.h>

#include <cctype>
#include <charconv>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::nexus {
namespace {

using temporal::api::common::v1::Link;
using temporal::api::enums::v1::EventType;
using Parameters = std::map<std::string, std::string>;
using NexusLink = temporal::api::nexus::v1::Link;

constexpr std::string_view kEventPrefix = "EVENT_TYPE_";
constexpr const char* kEventReference = "EventReference";
constexpr const char* kRequestIdReference = "RequestIdReference";

/// EVENT_TYPE_NEXUS_OPERATION_SCHEDULED as NexusOperationScheduled.
std::string to_words(EventType type) {
    const std::string name = temporal::api::enums::v1::EventType_Name(type);
    std::string words;
    bool begins = true;
    for (const char each : name.substr(name.starts_with(kEventPrefix) ? kEventPrefix.size() : 0)) {
        if (each == '_') {
            begins = true;
        } else {
            const auto code = static_cast<unsigned char>(each);
            words += static_cast<char>(begins ? std::toupper(code) : std::tolower(code));
            begins = false;
        }
    }
    return words;
}

/// Both spellings are in use.
std::optional<EventType> from_words(const std::string& words) {
    std::string name{words};
    if (!name.starts_with(kEventPrefix)) {
        name = kEventPrefix;
        for (std::size_t i = 0; i < words.size(); ++i) {
            const auto code = static_cast<unsigned char>(words[i]);
            if (i > 0 && std::isupper(code) != 0) {
                name += '_';
            }
            name += static_cast<char>(std::toupper(code));
        }
    }
    EventType type{};
    return temporal::api::enums::v1::EventType_Parse(name, &type) ? std::optional{type}
                                                                  : std::nullopt;
}

/// `temporal:///namespaces/NAMESPACE/KEYWORD/ID/RUN[/TAIL]`, without a query.
std::string url_of(
    const std::string& namespace_name,
    const char* keyword,
    const std::string& id,
    const std::string& run_id,
    const std::string& tail
) {
    return "temporal:///namespaces/" + url::escape(namespace_name) + '/' + keyword + '/' +
           url::escape(id) + '/' + url::escape(run_id) + tail;
}

struct Place {
    std::string namespace_name;
    std::string id;
    std::string run_id;
    Parameters parameters;
};

/// @param tail  the last part of the path; empty: none.
std::optional<Place> place_in(
    const std::string& text, std::string_view keyword, std::string_view tail
) {
    const auto parsed = url::parse(text);
    const std::size_t parts = tail.empty() ? 5 : 6;
    if (!parsed || parsed->scheme != "temporal" || parsed->path.size() != parts ||
        parsed->path[0] != "namespaces" || parsed->path[2] != keyword ||
        (!tail.empty() && parsed->path[5] != tail)) {
        return std::nullopt;
    }
    Place place{parsed->path[1], parsed->path[3], parsed->path[4], parsed->query};
    // The server refuses a call for a link of which a part is missing.
    if (place.namespace_name.empty() || place.id.empty() || place.run_id.empty()) {
        return std::nullopt;
    }
    return place;
}

bool read_reference(const Parameters& parameters, Link::WorkflowEvent& event) {
    const auto at = [&parameters](const char* name) {
        const auto found = parameters.find(name);
        return found == parameters.end() ? std::string{} : found->second;
    };
    const std::string kind = at("referenceType");
    const auto type = from_words(at("eventType"));
    if (!type) {
        return false;
    }
    if (kind == kEventReference) {
        event.mutable_event_ref()->set_event_type(*type);
        const std::string id = at("eventID");
        std::int64_t number = 0;
        std::from_chars(id.data(), id.data() + id.size(), number);
        event.mutable_event_ref()->set_event_id(number);
        return true;
    }
    if (kind == kRequestIdReference) {
        event.mutable_request_id_ref()->set_event_type(*type);
        event.mutable_request_id_ref()->set_request_id(at("requestID"));
        return true;
    }
    return false;
}

std::string reference_of(const Link::WorkflowEvent& event) {
    if (event.has_event_ref()) {
        const auto& reference = event.event_ref();
        const std::string id = reference.event_id() == 0
                                   ? ""
                                   : "eventID=" + std::to_string(reference.event_id()) + '&';
        return '?' + id + "eventType=" + to_words(reference.event_type()) +
               "&referenceType=" + kEventReference;
    }
    if (event.has_request_id_ref()) {
        const auto& reference = event.request_id_ref();
        const std::string id = reference.request_id().empty()
                                   ? ""
                                   : "&requestID=" + url::escape(reference.request_id());
        return "?eventType=" + to_words(reference.event_type()) +
               "&referenceType=" + kRequestIdReference + id;
    }
    return {};
}

const std::string& name_of(const google::protobuf::Message& kind) {
    return kind.GetDescriptor()->full_name();
}

}  // namespace

std::optional<Link> from_nexus(const NexusLink& link) {
    Link converted;
    if (link.type() == name_of(Link::WorkflowEvent::default_instance())) {
        auto& event = *converted.mutable_workflow_event();
        const auto place = place_in(link.url(), "workflows", "history");
        if (!place || !read_reference(place->parameters, event)) {
            return std::nullopt;
        }
        event.set_namespace_(place->namespace_name);
        event.set_workflow_id(place->id);
        event.set_run_id(place->run_id);
        return converted;
    }
    if (link.type() == name_of(Link::NexusOperation::default_instance())) {
        const auto place = place_in(link.url(), "nexus-operations", "details");
        if (!place) {
            return std::nullopt;
        }
        auto& operation = *converted.mutable_nexus_operation();
        operation.set_namespace_(place->namespace_name);
        operation.set_operation_id(place->id);
        operation.set_run_id(place->run_id);
        return converted;
    }
    if (link.type() == name_of(Link::Activity::default_instance())) {
        const auto place = place_in(link.url(), "activities", "details");
        if (!place) {
            return std::nullopt;
        }
        auto& activity = *converted.mutable_activity();
        activity.set_namespace_(place->namespace_name);
        activity.set_activity_id(place->id);
        activity.set_run_id(place->run_id);
        return converted;
    }
    if (link.type() == name_of(Link::Workflow::default_instance())) {
        const auto place = place_in(link.url(), "workflows", "");
        if (!place) {
            return std::nullopt;
        }
        auto& workflow = *converted.mutable_workflow();
        workflow.set_namespace_(place->namespace_name);
        workflow.set_workflow_id(place->id);
        workflow.set_run_id(place->run_id);
        if (const auto reason = place->parameters.find("reason");
            reason != place->parameters.end()) {
            workflow.set_reason(reason->second);
        }
        return converted;
    }
    return std::nullopt;
}

std::optional<NexusLink> to_nexus(const Link& link) {
    NexusLink converted;
    if (link.has_workflow_event()) {
        const auto& event = link.workflow_event();
        converted.set_type(name_of(event));
        converted.set_url(
            url_of(
                event.namespace_(), "workflows", event.workflow_id(), event.run_id(), "/history"
            ) +
            reference_of(event)
        );
        return converted;
    }
    if (link.has_workflow()) {
        const auto& workflow = link.workflow();
        converted.set_type(name_of(workflow));
        const std::string reason =
            workflow.reason().empty() ? "" : "?reason=" + url::escape(workflow.reason());
        converted.set_url(
            url_of(
                workflow.namespace_(), "workflows", workflow.workflow_id(), workflow.run_id(), ""
            ) +
            reason
        );
        return converted;
    }
    if (link.has_activity()) {
        const auto& activity = link.activity();
        converted.set_type(name_of(activity));
        converted.set_url(url_of(
            activity.namespace_(),
            "activities",
            activity.activity_id(),
            activity.run_id(),
            "/details"
        ));
        return converted;
    }
    if (link.has_nexus_operation()) {
        const auto& operation = link.nexus_operation();
        converted.set_type(name_of(operation));
        converted.set_url(url_of(
            operation.namespace_(),
            "nexus-operations",
            operation.operation_id(),
            operation.run_id(),
            "/details"
        ));
        return converted;
    }
    return std::nullopt;
}

}  // namespace hourglass::nexus
