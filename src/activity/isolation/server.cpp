#include "src/activity/isolation/server.hpp"

#include "src/activity/isolation/lease.hpp"
#include "src/activity/isolation/worker.hpp"

#include <poll.h>

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <map>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace hourglass::activity::isolation {
namespace {

extern "C" void do_nothing(int /*signal*/) {}

/// The terminal and service managers send these to every process of a program, but whether it ends
/// is the program's decision. No SIG_IGN: what a body executes would inherit that.
void leave_stopping_to_the_program() {
    struct sigaction action{};
    action.sa_handler = do_nothing;
    action.sa_flags = SA_RESTART;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
        ::sigaction(signal, &action, nullptr);
    }
}

/// The process and what it started, unless that left its process group.
void kill_group(pid_t leader) {
    ::kill(-leader, SIGKILL);
    ::kill(leader, SIGKILL);
}

class Server {
public:
    Server(UniqueFd control, pid_t program, const sigset_t& signals)
        : control_{std::move(control)}, program_{program}, signals_{signals} {
        // A program that ignores it would pass that on: the kernel would bury our children, and
        // nobody would hear of their end.
        ::signal(SIGCHLD, SIG_DFL);
        sigset_t children;
        sigemptyset(&children);
        sigaddset(&children, SIGCHLD);
        ::sigprocmask(SIG_BLOCK, &children, nullptr);
        ended_ = UniqueFd{::signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK)};
        // The control socket does not tell if the program has forked somebody who holds it too. The
        // signal only wakes this process up, which has something to kill before it goes.
        ::prctl(PR_SET_PDEATHSIG, SIGCHLD);
    }

    /// Until the program is gone.
    void run() {
        bool open = true;
        // The signal also comes when a thread of the program ends from which the server was forked.
        while (open && ::getppid() == program_) {
            const std::vector<pollfd> events = wait();
            for (const pollfd& event : events) {
                if (event.revents == 0) {
                    continue;
                }
                if (event.fd == control_.get()) {
                    open = take_request();
                } else if (event.fd == ended_.get()) {
                    reap();
                } else {
                    kill_holder_of(event.fd);
                }
            }
        }
        for (const auto& [pid, child] : children_) {
            kill_group(pid);
        }
    }

private:
    struct Child {
        UniqueFd lease;
        UniqueFd report;
        bool killed = false;
    };

    [[nodiscard]] std::vector<pollfd> wait() const {
        std::vector<pollfd> events{{control_.get(), POLLIN, 0}, {ended_.get(), POLLIN, 0}};
        for (const auto& [pid, child] : children_) {
            if (!child.killed) {
                events.push_back({child.lease.get(), POLLIN | POLLRDHUP, 0});
            }
        }
        if (::poll(events.data(), events.size(), -1) < 0) {
            return {};
        }
        return events;
    }

    bool take_request() {
        Requests taken = receive_request(control_.get());
        if (taken.request) {
            make_process(std::move(*taken.request));
        }
        return !taken.closed;
    }

    void make_process(Request request) {
        Child child{std::move(request.lease), UniqueFd{::memfd_create("hg-crash", MFD_CLOEXEC)}};
        const pid_t server = ::getpid();
        const pid_t pid = child.report ? ::fork() : -1;
        if (pid < 0) {
            send_notice(child.lease.get(), {Notice::Kind::NotMade, errno});
            return;
        }
        if (pid == 0) {
            become_worker(std::move(request.channel), std::move(child), server);
        }
        ::setpgid(pid, pid);  // here too: whoever comes first
        send_notice(child.lease.get(), {Notice::Kind::Made, pid});
        children_.emplace(pid, std::move(child));
    }

    [[noreturn]] void become_worker(UniqueFd channel, Child self, pid_t server) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != server) {
            ::_exit(EXIT_FAILURE);  // it is gone already, so that no signal will come
        }
        ::setpgid(0, 0);
        ::prctl(PR_SET_NAME, "hg-isolated");
        // Held on to, they would keep the server from seeing that the program is gone, and the
        // program from seeing that others are.
        self.lease.reset();
        control_.reset();
        ended_.reset();
        children_.clear();
        ::sigprocmask(SIG_SETMASK, &signals_, nullptr);
        run_worker(std::move(channel), std::move(self.report));
    }

    void reap() {
        signalfd_siginfo ignored;  // one stands for any number of them
        static_cast<void>(::read(ended_.get(), &ignored, sizeof ignored));
        siginfo_t info{};
        // Not yet away with it: as long as it is a zombie, nobody else has its number.
        while (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0) {
            const pid_t pid = info.si_pid;
            ::kill(-pid, SIGKILL);
            int status = 0;
            ::waitpid(pid, &status, 0);
            if (auto child = children_.extract(pid)) {
                send_notice(
                    child.mapped().lease.get(),
                    {Notice::Kind::Ended, status, read_all(child.mapped().report.get())}
                );
            }
            info = {};
        }
    }

    static std::string read_all(int report) {
        std::string text(kMaxNoticeText, '\0');
        const ssize_t count = ::pread(report, text.data(), text.size(), 0);
        text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        return text;
    }

    void kill_holder_of(int lease) {
        for (auto& [pid, child] : children_) {
            if (child.lease.get() == lease) {
                kill_group(pid);
                child.killed = true;
            }
        }
    }

    UniqueFd control_;
    const pid_t program_;
    const sigset_t signals_;
    UniqueFd ended_;
    std::map<pid_t, Child> children_;
};

}  // namespace

void serve(UniqueFd control, pid_t program, const sigset_t& signals) noexcept {
    ::prctl(PR_SET_NAME, "hg-isolation");
    leave_stopping_to_the_program();
    Server{std::move(control), program, signals}.run();
    ::_exit(EXIT_SUCCESS);
}

}  // namespace hourglass::activity::isolation
