#pragma once

#include "hourglass/base/future.hpp"

#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hourglass {

/// How a list is fetched.
struct ListOptions {
    /// Items a call of the server; > 0.
    int page_size = 100;
    /// How many items the list has at most; none: all.
    std::optional<std::size_t> limit = {};
};

/// Some of a list's items, and how to ask for the next ones.
template <class T>
struct Page {
    std::vector<T> items = {};
    /// Empty: this is the last page.
    std::string next_page_token = {};
};

/// A list of the server's as an input range; pages are fetched as the loop needs them.
///
/// A second loop asks the server again.
/// @threads one at a time; fetching blocks and throws what a call throws.
template <class T>
class Paged {
public:
    /// Fetches the page of a token; the empty one is the first page's.
    using Fetch = std::function<Future<Page<T>>(std::string page_token)>;

    explicit Paged(Fetch fetch, std::optional<std::size_t> limit = std::nullopt)
        : fetch_{std::move(fetch)}, limit_{limit} {}

    class Iterator {
    public:
        using iterator_concept = std::input_iterator_tag;
        using value_type = T;
        using difference_type = std::ptrdiff_t;

        Iterator(Fetch fetch, std::optional<std::size_t> limit)
            : state_{std::make_shared<State>(State{.fetch = std::move(fetch), .limit = limit})} {
            if (limit != std::optional<std::size_t>{0}) {
                state_->fetch_page();
            }
        }

        const T& operator*() const { return state_->page.items[state_->index]; }
        const T* operator->() const { return &**this; }
        Iterator& operator++() {
            ++state_->index;
            ++state_->seen;
            if (state_->index == state_->page.items.size() && !state_->at_limit() &&
                !state_->page.next_page_token.empty()) {
                state_->fetch_page();
            }
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(const Iterator& iterator, std::default_sentinel_t) {
            return iterator.state_->at_limit() ||
                   iterator.state_->index == iterator.state_->page.items.size();
        }

    private:
        struct State {
            Fetch fetch;
            std::optional<std::size_t> limit;
            Page<T> page = {};
            std::size_t index = 0;
            std::size_t seen = 0;

            [[nodiscard]] bool at_limit() const { return limit && seen >= *limit; }
            void fetch_page() {
                do {  // a page may be empty and not the last
                    page = fetch(std::move(page.next_page_token)).get();
                    index = 0;
                } while (page.items.empty() && !page.next_page_token.empty());
            }
        };

        std::shared_ptr<State> state_;
    };

    /// Fetches the first page.
    [[nodiscard]] Iterator begin() const { return Iterator{fetch_, limit_}; }
    [[nodiscard]] static std::default_sentinel_t end() { return std::default_sentinel; }

    /// One page, without blocking; an empty token asks for the first one.
    Future<Page<T>> page_async(std::string page_token = {}) const {
        return fetch_(std::move(page_token));
    }
    [[nodiscard]] const std::optional<std::size_t>& limit() const noexcept { return limit_; }

private:
    Fetch fetch_;
    std::optional<std::size_t> limit_;
};

}  // namespace hourglass
