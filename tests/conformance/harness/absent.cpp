// The rows without a folder. When a feature lands, write its row and take its line out here.

#include "tests/conformance/harness/registry.hpp"

namespace conformance {

const std::vector<Absent>& absent() {
    using enum Absence;
    static const std::string version_sets =
        "sets of compatible build ids, which servers from 1.25 on do not have any more";
    static const std::string node = "a second kind of connection, which only TypeScript has";
    static const std::vector<Absent> rows{
        {"build_id_versioning/activity_and_child_on_correct_version", DoesNotApply, version_sets},
        {"build_id_versioning/continues_as_new_on_correct_version", DoesNotApply, version_sets},
        {"build_id_versioning/only_appropriate_worker_gets_task", DoesNotApply, version_sets},
        {"build_id_versioning/unversioned_worker_gets_unversioned_task", DoesNotApply, version_sets
        },
        {"build_id_versioning/unversioned_worker_no_task", DoesNotApply, version_sets},
        {"build_id_versioning/versions_added_while_worker_polling", DoesNotApply, version_sets},
        {"client/http_proxy_nativeconn", DoesNotApply, node},
        {"client/http_proxy_nativeconn_auth", DoesNotApply, node},
        {"deployment_versioning/aa_clean_old_deployments",
         DoesNotApply,
         "it checks nothing, but removes what earlier runs left; each run here has a server of its "
         "own"},
    };
    return rows;
}

}  // namespace conformance
