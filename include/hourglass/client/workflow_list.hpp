#pragma once

#include "hourglass/client/client_backend.hpp"
#include "hourglass/client/future_ops.hpp"
#include "hourglass/client/paged.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hourglass {

/// The executions that match a query, newest first: `for (auto& workflow :
/// client.list_workflows("WorkflowType = 'Checkout'")) …`. The server's index lags behind by up to
/// some seconds.
class WorkflowList : public Paged<WorkflowExecution> {
public:
    WorkflowList(
        const std::shared_ptr<detail::ClientBackend>& backend,
        std::string query,
        const ListOptions& options
    )
        : Paged{
              [backend, query = std::move(query), size = size_of(options)](std::string token) {
                  return backend->list_page(query, size, std::move(token));
              },
              options.limit
          },
          backend_{backend} {}

    /// The histories of these executions, in the same order, for a replay of many; those of one
    /// page are fetched side by side, and are in memory together.
    [[nodiscard]] Paged<WorkflowHistory> histories() const {
        return Paged<WorkflowHistory>{
            [backend = backend_, list = *this](std::string token) {
                return detail::chain(
                    list.page_async(std::move(token)),
                    [backend](const Page<WorkflowExecution>& page) {
                        return histories_of(backend, page);
                    }
                );
            },
            limit()
        };
    }

private:
    /// No page is longer than the list: the histories of a whole one are fetched.
    static int size_of(const ListOptions& options) {
        const auto limit = options.limit.value_or(0);
        return limit != 0 && std::cmp_less(limit, options.page_size) ? static_cast<int>(limit)
                                                                     : options.page_size;
    }

    static Future<Page<WorkflowHistory>> histories_of(
        const std::shared_ptr<detail::ClientBackend>& backend, const Page<WorkflowExecution>& page
    ) {
        std::vector<Future<WorkflowHistory>> histories;
        for (const auto& execution : page.items) {
            detail::ExecutionRef ref;
            ref.workflow_id = execution.id;
            ref.run_id = execution.run_id;
            histories.push_back(backend->history(std::move(ref)));
        }
        return detail::map(
            detail::all_of(std::move(histories)),
            [token = page.next_page_token](std::vector<WorkflowHistory> fetched) {
                return Page<WorkflowHistory>{std::move(fetched), token};
            }
        );
    }

    std::shared_ptr<detail::ClientBackend> backend_;
};

}  // namespace hourglass
