#pragma once

#include "hourglass/convert/conversion_error.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <vector>

namespace hourglass::activity {

/// The objects whose member functions are activities: at most one of each class, given to a worker
/// at start-up.
///
/// A member function may run on several threads at once, so the objects must bear that.
class Objects {
public:
    /// Shares the object: it lives at least as long as the worker and its last attempt.
    /// @throws DuplicateRegistrationError if there is one of class T already; ConfigurationError if
    /// it is null.
    template <class T>
    Objects& add(std::shared_ptr<T> object) {
        static_assert(!std::is_const_v<T>, "Give the object itself, not a const view of it.");
        put(typeid(T), detail::type_text<T>(), std::move(object));
        return *this;
    }

    /// Borrows the object, `objects.add(std::ref(orders))`: it must outlive the worker, and its
    /// attempts, which may run on after the worker's grace period; so it is best a variable of
    /// `main` or a static.
    template <class T>
    Objects& add(std::reference_wrapper<T> object) {
        return add(std::shared_ptr<T>{std::shared_ptr<void>{}, &object.get()});
    }

    /// @returns null if there is none of class T (exactly: bases and derived classes do not count).
    template <class T>
    [[nodiscard]] std::shared_ptr<T> find() const {
        return std::static_pointer_cast<T>(find(typeid(T)));
    }

    [[nodiscard]] std::shared_ptr<void> find(std::type_index type) const;
    /// The classes' C++ names, sorted.
    [[nodiscard]] std::vector<std::string> classes() const;

private:
    struct Entry {
        std::string class_name;
        std::shared_ptr<void> object;
    };

    void put(std::type_index type, std::string class_name, std::shared_ptr<void> object);

    std::map<std::type_index, Entry> entries_;
};

}  // namespace hourglass::activity
