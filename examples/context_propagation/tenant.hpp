#pragma once

// For whom a program works: said once where a request comes in, known in all that follows from it.

#include <hourglass/hourglass.hpp>

#include <memory>
#include <string>

namespace tenancy {

/// The tenant for whom the running code works, in a workflow, an activity, or a thread that said so
/// with ForTenant; empty if nobody said.
[[nodiscard]] std::string current_tenant();

/// While it lives, what this thread asks a client for is asked for `tenant`.
class ForTenant {
public:
    explicit ForTenant(std::string tenant);
    ~ForTenant();
    ForTenant(const ForTenant&) = delete;
    ForTenant& operator=(const ForTenant&) = delete;

private:
    std::string previous_;
};

/// An interceptor of clients and of workers, so that one object goes wherever either does.
class Propagation : public hourglass::ClientInterceptor, public hourglass::WorkerInterceptor {};

/// Takes the tenant along in a header, from whatever starts something to what it starts. For
/// ClientOptions::interceptors, from where the workers of the same Application get it; for
/// WorkerOptions::interceptors of other workers, and ReplayOptions::interceptors.
[[nodiscard]] std::shared_ptr<Propagation> propagation();

}  // namespace tenancy
