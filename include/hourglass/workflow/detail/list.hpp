#pragma once

namespace hourglass::workflow::detail {

template <class T, class Tag>
class List;

/// What an element of a List derives from; `Tag` tells several lists of one element apart. Leaves
/// its list when destroyed.
template <class Tag>
class ListHook {
public:
    ListHook() noexcept = default;
    ListHook(const ListHook&) = delete;
    ListHook& operator=(const ListHook&) = delete;

    [[nodiscard]] bool linked() const noexcept { return next_ != nullptr; }
    void unlink() noexcept {
        if (linked()) {
            previous_->next_ = next_;
            next_->previous_ = previous_;
            previous_ = next_ = nullptr;
        }
    }

    ~ListHook() { unlink(); }

private:
    template <class T, class U>
    friend class List;

    ListHook* previous_ = nullptr;
    ListHook* next_ = nullptr;
};

/// Elements that somebody else owns, in the order in which they were added; adding and leaving cost
/// no allocation.
template <class T, class Tag>
class List {
public:
    List() noexcept { head_.previous_ = head_.next_ = &head_; }
    List(const List&) = delete;
    List& operator=(const List&) = delete;
    ~List() { clear(); }

    [[nodiscard]] bool empty() const noexcept { return head_.next_ == &head_; }
    [[nodiscard]] T& front() noexcept { return element(head_.next_); }
    [[nodiscard]] T& back() noexcept { return element(head_.previous_); }

    void push_back(T& added) noexcept {
        Hook& hook = added;
        hook.unlink();
        hook.previous_ = head_.previous_;
        hook.next_ = &head_;
        head_.previous_->next_ = &hook;
        head_.previous_ = &hook;
    }

    void insert_after(T& present, T& added) noexcept {
        Hook& place = present;
        Hook& hook = added;
        hook.unlink();
        hook.previous_ = &place;
        hook.next_ = place.next_;
        place.next_->previous_ = &hook;
        place.next_ = &hook;
    }

    /// The element after this one, or null.
    [[nodiscard]] T* after(T& present) noexcept {
        Hook& hook = present;
        return hook.next_ == &head_ ? nullptr : &List::element(hook.next_);
    }

    void clear() noexcept {
        while (!empty()) {
            head_.next_->unlink();
        }
    }

private:
    using Hook = ListHook<Tag>;

    static T& element(Hook* hook) noexcept { return static_cast<T&>(*hook); }

    Hook head_;  // its neighbours are the last and the first element
};

}  // namespace hourglass::workflow::detail
