#include "hourglass/supervision/supervisor_base.hpp"

#include "hourglass/base/error.hpp"

#include <utility>

namespace hourglass::supervision {
namespace {

/// Waits for the reports of the nested supervisors.
struct Gathering {
    SupervisorReport report;
    Reply<SupervisorReport> reply;
    std::size_t missing = 0;
};

void report_below(
    Process& process, std::chrono::nanoseconds timeout, Reply<SupervisorReport> reply
) {
    if (auto* supervisor = dynamic_cast<SupervisorBase*>(&process)) {
        supervisor->report(std::move(reply), timeout);
    } else {
        reply.fail(
            Error{"this process is no supervisor of this library; it cannot say what runs below it"}
        );
    }
}

}  // namespace

ChildCounts SupervisorBase::count_children() const {
    ChildCounts counts;
    for (const auto& child : which_children()) {
        ++counts.specs;
        ++(child.type == ChildType::Supervisor ? counts.supervisors : counts.workers);
        if (child.pid) {
            ++counts.active;
        }
    }
    return counts;
}

void SupervisorBase::report(Reply<SupervisorReport> reply, std::chrono::nanoseconds timeout) {
    const auto gathering = std::make_shared<Gathering>();
    gathering->report = own_report();
    gathering->reply = std::move(reply);
    auto& children = gathering->report.children;
    for (std::size_t i = 0; i < children.size(); ++i) {
        if (children[i].type != ChildType::Supervisor || !children[i].pid) {
            continue;
        }
        ++gathering->missing;
        // Each level waits less than the one above, so that one stuck supervisor hides only what is
        // below itself.
        const auto below = timeout * 4 / 5;
        request_async<SupervisorReport>(
            children[i].pid.as<Process>(),
            [below](Process& process, Reply<SupervisorReport> answer) {
                report_below(process, below, std::move(answer));
            },
            [gathering, i](Answer<SupervisorReport> answer) {
                auto& child = gathering->report.children[i];
                if (answer.ok()) {
                    child.strategy = std::move(answer.value().strategy);
                    child.children = std::move(answer.value().children);
                } else {
                    child.unavailable = true;
                }
                if (--gathering->missing == 0) {
                    gathering->reply.send(std::move(gathering->report));
                }
            },
            timeout
        );
    }
    if (gathering->missing == 0) {
        gathering->reply.send(std::move(gathering->report));
    }
}

Future<std::vector<ChildReport>> SupervisorBase::which_children(
    const Ref<SupervisorBase>& supervisor
) {
    return supervisor.call([](SupervisorBase& base) { return base.which_children(); });
}

Future<ChildCounts> SupervisorBase::count_children(const Ref<SupervisorBase>& supervisor) {
    return supervisor.call([](SupervisorBase& base) { return base.count_children(); });
}

Future<SupervisorReport> SupervisorBase::report(const Ref<SupervisorBase>& supervisor) {
    return supervisor.call_async<SupervisorReport>(
        [](SupervisorBase& base, Reply<SupervisorReport> reply) { base.report(std::move(reply)); },
        2 * kReportTimeout
    );
}

bool detail::RestartIntensity::allow(Clock::time_point now) {
    ++total_;
    while (!recent_.empty() && now - recent_.front() > within_) {
        recent_.pop_front();
    }
    recent_.push_back(now);
    return recent_.size() <= max_restarts_;
}

}  // namespace hourglass::supervision
