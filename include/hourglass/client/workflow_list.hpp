#pragma once

#include "hourglass/client/client_backend.hpp"

#include <cstddef>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

namespace hourglass {

/// How a list is fetched.
struct ListOptions {
    /// Executions a call of the server; > 0.
    int page_size = 100;
};

/// The executions that match a query, newest first; pages are fetched as the loop needs them.
///
/// `for (const WorkflowExecution& execution : client.list("WorkflowType = 'Checkout'")) …`. A
/// second loop asks again. The server's index lags behind by up to some seconds.
/// @threads one at a time; fetching blocks and throws what a call throws.
class WorkflowList {
public:
    WorkflowList(
        std::shared_ptr<detail::ClientBackend> backend, std::string query, ListOptions options
    )
        : backend_{std::move(backend)}, query_{std::move(query)}, options_{options} {}

    class Iterator {
    public:
        using iterator_concept = std::input_iterator_tag;
        using value_type = WorkflowExecution;
        using difference_type = std::ptrdiff_t;

        explicit Iterator(const WorkflowList* list) : list_{list} { fetch(); }

        const WorkflowExecution& operator*() const { return page_.executions[index_]; }
        const WorkflowExecution* operator->() const { return &page_.executions[index_]; }
        Iterator& operator++() {
            ++index_;
            if (index_ == page_.executions.size() && !page_.next_page_token.empty()) {
                fetch();
            }
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(const Iterator& iterator, std::default_sentinel_t) {
            return iterator.index_ == iterator.page_.executions.size();
        }

    private:
        void fetch() {
            do {  // a page may be empty and not the last
                page_ =
                    list_->backend_
                        ->list_page(list_->query_, list_->options_.page_size, page_.next_page_token)
                        .get();
                index_ = 0;
            } while (page_.executions.empty() && !page_.next_page_token.empty());
        }

        const WorkflowList* list_;
        WorkflowPage page_;
        std::size_t index_ = 0;
    };

    [[nodiscard]] Iterator begin() const { return Iterator{this}; }
    [[nodiscard]] static std::default_sentinel_t end() { return std::default_sentinel; }

private:
    std::shared_ptr<detail::ClientBackend> backend_;
    std::string query_;
    ListOptions options_;
};

}  // namespace hourglass
