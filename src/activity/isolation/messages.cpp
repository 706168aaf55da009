#include "src/activity/isolation/messages.hpp"

#include <bit>
#include <cstring>
#include <utility>

namespace hourglass::activity::isolation {
namespace {

class Writer {
public:
    Writer& number(std::uint64_t value) {
        char bytes[sizeof value];
        std::memcpy(bytes, &value, sizeof value);
        body_.append(bytes, sizeof value);
        return *this;
    }
    Writer& text(std::string_view value) {
        number(value.size());
        body_.append(value);
        return *this;
    }
    std::string take() { return std::move(body_); }

private:
    std::string body_;
};

class Reader {
public:
    explicit Reader(std::string_view body) : left_{body} {}

    std::uint64_t number() {
        std::uint64_t value = 0;
        if (left_.size() < sizeof value) {
            failed_ = true;
            return 0;
        }
        std::memcpy(&value, left_.data(), sizeof value);
        left_.remove_prefix(sizeof value);
        return value;
    }
    /// A number of at most `most`.
    std::uint64_t number_to(std::uint64_t most) {
        const std::uint64_t value = number();
        failed_ = failed_ || value > most;
        return failed_ ? 0 : value;
    }
    std::string text() {
        const std::uint64_t size = number();
        if (failed_ || size > left_.size()) {
            failed_ = true;
            return {};
        }
        std::string value{left_.substr(0, size)};
        left_.remove_prefix(size);
        return value;
    }
    bool flag() { return number_to(1) == 1; }
    [[nodiscard]] bool failed() const { return failed_; }
    /// Everything was there, and nothing else.
    [[nodiscard]] bool complete() const { return !failed_ && left_.empty(); }

private:
    std::string_view left_;
    bool failed_ = false;
};

std::uint64_t level_number(log::Level level) {
    return static_cast<std::uint64_t>(level);
}

log::Level level_from(Reader& reader) {
    return static_cast<log::Level>(reader.number_to(level_number(log::Level::Off)));
}

std::uint64_t kind_number(MetricKind kind) {
    return static_cast<std::uint64_t>(kind);
}

}  // namespace

std::string encode(const Order& order) {
    return Writer{}
        .number(reinterpret_cast<std::uintptr_t>(order.run))
        .text(order.object_file)
        .text(order.start)
        .text(order.task_token)
        .text(order.task_queue)
        .text(order.client_namespace)
        .number(order.memory_limit.has_value() ? 1 : 0)
        .number(order.memory_limit.value_or(0))
        .number(level_number(order.log_level))
        .number(order.measures ? 1 : 0)
        .take();
}

std::optional<Order> decode_order(std::string_view body) {
    Reader reader{body};
    Order order;
    order.run = reinterpret_cast<decltype(order.run)>(reader.number());
    order.object_file = reader.text();
    order.start = reader.text();
    order.task_token = reader.text();
    order.task_queue = reader.text();
    order.client_namespace = reader.text();
    const bool limited = reader.flag();
    const std::uint64_t limit = reader.number();
    if (limited) {
        order.memory_limit = limit;
    }
    order.log_level = level_from(reader);
    order.measures = reader.flag();
    return reader.complete() ? std::optional{std::move(order)} : std::nullopt;
}

std::string encode(const CancellationDetails& details) {
    return Writer{}
        .number(static_cast<std::uint64_t>(details.reason))
        .number(details.not_found ? 1 : 0)
        .number(details.requested ? 1 : 0)
        .number(details.timed_out ? 1 : 0)
        .number(details.worker_shutdown ? 1 : 0)
        .number(details.paused ? 1 : 0)
        .number(details.reset ? 1 : 0)
        .take();
}

std::optional<CancellationDetails> decode_cancellation(std::string_view body) {
    Reader reader{body};
    CancellationDetails details;
    details.reason = static_cast<CancellationReason>(
        reader.number_to(static_cast<std::uint64_t>(CancellationReason::Reset))
    );
    details.not_found = reader.flag();
    details.requested = reader.flag();
    details.timed_out = reader.flag();
    details.worker_shutdown = reader.flag();
    details.paused = reader.flag();
    details.reset = reader.flag();
    return reader.complete() ? std::optional{details} : std::nullopt;
}

std::string encode(const Measured& measured) {
    Writer writer;
    writer.number(kind_number(measured.instrument.kind))
        .text(measured.instrument.name)
        .text(measured.instrument.unit)
        .text(measured.instrument.description)
        .number(std::bit_cast<std::uint64_t>(measured.value))
        .number(measured.attributes.size());
    for (const MetricAttribute& each : measured.attributes) {
        writer.text(each.name).text(each.value);
    }
    return writer.take();
}

std::optional<Measured> decode_measurement(std::string_view body) {
    Reader reader{body};
    Measured measured{
        .instrument =
            {static_cast<MetricKind>(reader.number_to(kind_number(MetricKind::UpDownCounter))),
             reader.text(),
             reader.text(),
             reader.text()},
        .attributes = {}
    };
    measured.value = std::bit_cast<double>(reader.number());
    const std::uint64_t count = reader.number();
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
        std::string name = reader.text();
        std::string value = reader.text();
        measured.attributes.push_back({std::move(name), std::move(value)});
    }
    return reader.complete() ? std::optional{std::move(measured)} : std::nullopt;
}

std::string encode(const log::Record& record) {
    Writer writer;
    writer.number(level_number(record.level)).text(record.message).number(record.fields.size());
    for (const log::Field& field : record.fields) {
        writer.text(field.name).text(field.value);
    }
    return writer.take();
}

std::optional<log::Record> decode_record(std::string_view body) {
    Reader reader{body};
    log::Record record;
    record.level = level_from(reader);
    record.message = reader.text();
    const std::uint64_t count = reader.number();
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
        std::string name = reader.text();
        std::string value = reader.text();
        record.fields.push_back({std::move(name), std::move(value)});
    }
    return reader.complete() ? std::optional{std::move(record)} : std::nullopt;
}

}  // namespace hourglass::activity::isolation
