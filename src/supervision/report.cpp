#include "hourglass/supervision/report.hpp"

#include "src/supervision/child_events.hpp"

namespace hourglass::supervision {
namespace {

std::string count_text(std::size_t count, const char* one) {
    return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

std::string child_text(const ChildReport& child) {
    std::string line = child.id.empty() ? "(no id)" : child.id;
    if (child.pid) {
        line.append(" ").append(child.pid.text());
    }
    line.append(" ").append(to_text(child.type));
    if (!child.strategy.empty()) {
        line.append(" ").append(child.strategy);
    }
    line.append(", ").append(to_text(child.restart));
    line.append(", ").append(to_text(child.state));
    line.append(", ").append(count_text(child.restarts, "restart"));
    if (child.last_exit) {
        line.append(", last exit: ").append(child.last_exit->text());
    }
    if (child.abandoned != 0) {
        line.append(", abandoned: ").append(std::to_string(child.abandoned));
    }
    if (child.unavailable) {
        line.append(", does not answer");
    }
    return line;
}

void append_children(
    std::string& text, const std::vector<ChildReport>& children, const std::string& indent
) {
    for (std::size_t i = 0; i < children.size(); ++i) {
        const bool last = i + 1 == children.size();
        text.append(indent).append(last ? "└── " : "├── ");
        text.append(child_text(children[i])).append("\n");
        append_children(text, children[i].children, indent + (last ? "    " : "│   "));
    }
}

}  // namespace

std::string tree_text(const SupervisorReport& report) {
    std::string text = report.id.empty() ? "supervisor" : report.id;
    text.append(" ").append(report.pid.text()).append(" ").append(report.strategy);
    text.append(", ").append(count_text(report.restarts, "restart")).append(" below");
    if (report.strategy != "tasks") {
        text.append(" (gives up after more than ").append(std::to_string(report.max_restarts));
        text.append(" in ").append(detail::duration_text(report.within)).append(")");
    }
    if (report.abandoned != 0) {
        text.append(", abandoned: ").append(std::to_string(report.abandoned));
    }
    text.append("\n");
    append_children(text, report.children, "");
    return text;
}

std::string_view to_text(ChildState state) noexcept {
    switch (state) {
        case ChildState::Undefined:
            return "not running";
        case ChildState::Starting:
            return "starting";
        case ChildState::Running:
            return "running";
        case ChildState::Stopping:
            return "stopping";
        case ChildState::Restarting:
            return "restarting";
    }
    return "unknown";
}

std::string_view to_text(Restart restart) noexcept {
    switch (restart) {
        case Restart::Permanent:
            return "permanent";
        case Restart::Transient:
            return "transient";
        case Restart::Temporary:
            return "temporary";
    }
    return "unknown";
}

std::string_view to_text(ChildType type) noexcept {
    return type == ChildType::Supervisor ? "supervisor" : "worker";
}

}  // namespace hourglass::supervision
