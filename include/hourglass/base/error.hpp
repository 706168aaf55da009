#pragma once

#include <stdexcept>
#include <string>

namespace hourglass {

/// The root of every exception that Hourglass throws at its users.
class Error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A definition, an option or an argument is not usable as given; nothing was started or sent.
class ConfigurationError : public Error {
public:
    using Error::Error;
};

/// Two definitions claim one name on one worker.
class DuplicateRegistrationError : public ConfigurationError {
public:
    using ConfigurationError::ConfigurationError;
};

/// A wait ended before what it waited for; the operation itself may still be under way.
class WaitTimeoutError : public Error {
public:
    using Error::Error;
};

/// The value will never come: the promise was dropped without an answer.
class BrokenPromiseError : public Error {
public:
    using Error::Error;
};

}  // namespace hourglass
