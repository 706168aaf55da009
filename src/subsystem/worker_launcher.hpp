#pragma once

#include "hourglass/supervision/process.hpp"
#include "hourglass/worker/worker_options.hpp"
#include "src/subsystem/directory.hpp"
#include "src/subsystem/worker_book.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace hourglass::subsystem {

/// Child 5 of the Subsystem: starts the workers that must always be there, the default one first,
/// and tells of those that a cascade took along for good. Then it idles: it is a process, so that
/// it can be seen, killed and restarted.
class WorkerLauncher final : public supervision::Process {
public:
    using MakeSpec = std::function<supervision::ChildSpec(const WorkerOptions&)>;

    WorkerLauncher(
        std::shared_ptr<Directory> directory, std::shared_ptr<WorkerBook> book, MakeSpec make_spec
    );

protected:
    void init() override;

private:
    void start_next();

    std::shared_ptr<Directory> directory_;
    std::shared_ptr<WorkerBook> book_;
    MakeSpec make_spec_;
    std::vector<WorkerOptions> to_start_;
};

}  // namespace hourglass::subsystem
