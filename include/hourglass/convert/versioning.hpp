#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace hourglass {

/// A version of a worker deployment: the build of a program that serves task queues.
struct WorkerDeploymentVersion {
    std::string deployment_name = {};
    std::string build_id = {};

    bool operator==(const WorkerDeploymentVersion&) const = default;
};

/// What becomes of a workflow that runs when its worker deployment gets a new version.
enum class VersioningBehavior : std::uint8_t {
    Unspecified,
    Pinned,      ///< it stays with the version that it started on
    AutoUpgrade  ///< its next task goes to the new one, which must be able to replay its history
};

/// On which version of its worker deployment a workflow runs, whatever its type asks for.
class VersioningOverride {
public:
    enum class Kind : std::uint8_t { Pinned, AutoUpgrade, OneTime };

    /// On this version until it ends, or the override is taken away.
    [[nodiscard]] static VersioningOverride pinned(WorkerDeploymentVersion version) {
        return {Kind::Pinned, std::move(version)};
    }
    /// On the current version, at each of its tasks.
    [[nodiscard]] static VersioningOverride auto_upgrade() { return {Kind::AutoUpgrade, {}}; }
    /// On this version once; then as its type asks for. Servers since 1.32 know it.
    [[nodiscard]] static VersioningOverride one_time(WorkerDeploymentVersion version) {
        return {Kind::OneTime, std::move(version)};
    }

    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    /// Empty for AutoUpgrade.
    [[nodiscard]] const WorkerDeploymentVersion& version() const noexcept { return version_; }

    bool operator==(const VersioningOverride&) const = default;

private:
    VersioningOverride(Kind kind, WorkerDeploymentVersion version)
        : kind_{kind}, version_{std::move(version)} {}

    Kind kind_;
    WorkerDeploymentVersion version_;
};

/// @throws ConfigurationError naming what is missing in the override's version.
void validate(const VersioningOverride& wanted);

}  // namespace hourglass
