#pragma once

#include <cstdint>
#include <exception>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace hourglass::supervision {

/// Why a process ended, or is asked to end; OTP's words.
///
/// An immutable value: cheap to copy, safe to share between threads. Branch on `kind()` and
/// `name()`, show `text()`.
class ExitReason {
public:
    enum class Kind : std::uint8_t {
        Normal,     ///< it had nothing more to do
        Shutdown,   ///< its supervisor stopped it, or it stopped in an orderly way (with a detail)
        Kill,       ///< sent only: ends the receiver with Killed, cannot be trapped
        Killed,     ///< it was killed
        NoProcess,  ///< there was no such process (any more)
        Crashed,    ///< an exception escaped a handler
        Named,      ///< a reason of the program's own, e.g. `bridge_reloaded`
    };

    /// `normal`.
    ExitReason() noexcept = default;

    static ExitReason normal() noexcept { return {}; }
    static ExitReason shutdown();
    /// OTP's `{shutdown, Detail}`: an orderly end that says why; not abnormal.
    static ExitReason shutdown(std::string detail);
    static ExitReason kill();
    static ExitReason killed();
    static ExitReason no_process();
    /// The exception's type and text are kept, and those of the exceptions nested in it as causes.
    static ExitReason crashed(std::exception_ptr exception);
    static ExitReason crashed(std::string text);
    /// A reason of the program's own. It is abnormal.
    static ExitReason named(std::string name, std::string detail = {});

    [[nodiscard]] Kind kind() const noexcept;
    /// The word: "normal", "shutdown", "crashed", or the name given to `named`.
    [[nodiscard]] std::string_view name() const noexcept;
    /// What follows the word; of a crash the exception's text. May be empty.
    [[nodiscard]] const std::string& detail() const noexcept;
    /// Of a crash: the exception, or null.
    [[nodiscard]] std::exception_ptr exception() const noexcept;
    /// Of a crash: the exception's type, readable, e.g. "std::runtime_error"; otherwise empty.
    [[nodiscard]] const std::string& exception_type() const noexcept;

    /// What brought this about, or null; `caused_by` makes a copy that says so.
    [[nodiscard]] const ExitReason* cause() const noexcept;
    [[nodiscard]] ExitReason caused_by(ExitReason cause) const;

    [[nodiscard]] bool is_normal() const noexcept { return kind() == Kind::Normal; }
    [[nodiscard]] bool is_shutdown() const noexcept { return kind() == Kind::Shutdown; }
    /// Whether a transient child that ends so is restarted: anything but `normal` and `shutdown`,
    /// with or without detail.
    [[nodiscard]] bool is_abnormal() const noexcept { return !is_normal() && !is_shutdown(); }
    [[nodiscard]] bool is(std::string_view wanted) const noexcept { return name() == wanted; }

    /// Readable, with the causes: "shutdown: too many restarts; caused by crashed:
    /// std::runtime_error: disk full".
    [[nodiscard]] std::string text() const;

    /// Same kind, name and detail; exceptions and causes are not compared.
    friend bool operator==(const ExitReason& left, const ExitReason& right) noexcept;

private:
    struct Data;
    explicit ExitReason(std::shared_ptr<const Data> data) noexcept : data_{std::move(data)} {}

    std::shared_ptr<const Data> data_;  // null: normal
};

std::ostream& operator<<(std::ostream& out, const ExitReason& reason);

}  // namespace hourglass::supervision
