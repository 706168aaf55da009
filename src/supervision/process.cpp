#include "hourglass/supervision/process.hpp"

#include "hourglass/base/error.hpp"
#include "src/supervision/cell.hpp"

namespace hourglass::supervision {

Process::Process() : cell_{detail::Cell::current()} {}

detail::Cell& Process::cell() const {
    if (cell_ == nullptr) {
        throw ConfigurationError{
            "this process runs in no system: an object of its class was made by hand; start it "
            "with System::spawn, "
            "System::start or a supervisor"
        };
    }
    return *cell_;
}

Pid Process::self() const {
    return cell().pid();
}

System Process::system() const {
    return System{cell().shared_runtime()};
}

void Process::stop(ExitReason reason) {
    cell().request_stop(std::move(reason));
}

void Process::exit(ExitReason reason) {
    throw detail::ExitException{std::move(reason)};
}

void Process::trap_exit(bool on) {
    cell().set_trap_exit(on);
}

void Process::link(const Pid& other) {
    cell().link(other);
}

void Process::unlink(const Pid& other) {
    cell().unlink(other);
}

MonitorRef Process::monitor(const Pid& other) {
    return cell().monitor(other);
}

bool Process::demonitor(MonitorRef monitor) {
    return cell().demonitor(monitor);
}

TimerRef Process::send_after(std::chrono::nanoseconds delay, UniqueFunction<void()> then) {
    return cell().send_after(delay, std::move(then));
}

bool Process::cancel_timer(TimerRef timer) {
    return cell().cancel_timer(timer);
}

void Process::defer_init() {
    cell().defer_init();
}

void Process::init_done() {
    cell().init_done();
}

void Process::ignore() {
    cell().ignore();
}

}  // namespace hourglass::supervision
