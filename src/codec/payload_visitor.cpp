#include "src/codec/payload_visitor.hpp"

#include "hourglass/codec/payload_codec.hpp"

#include <google/protobuf/reflection.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace hourglass::codec {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;

constexpr std::string_view kHeaderType = "temporal.api.common.v1.Header";

/// Each is parsed for itself, so that protobuf's own limit does not count for what is packed in
/// what is packed. The API packs twice at most.
constexpr int kMaxPacked = 20;

struct Exception {
    std::string_view name;  // of the field
    const char* why;
};

/// Fields whose payloads others read on the way.
constexpr std::array kReadByOthers{
    Exception{"temporal.api.common.v1.SearchAttributes.indexed_fields", "the server indexes them"},
    Exception{
        "temporal.api.workflowservice.v1.CountWorkflowExecutionsResponse.AggregationGroup."
        "group_values",
        "values of search attributes, which the server makes"
    },
    Exception{
        "temporal.api.workflowservice.v1.CountSchedulesResponse.AggregationGroup.group_values",
        "values of search attributes, which the server makes"
    },
    Exception{
        "temporal.api.workflowservice.v1.CountActivityExecutionsResponse.AggregationGroup."
        "group_values",
        "values of search attributes, which the server makes"
    },
    Exception{
        "temporal.api.workflowservice.v1.CountNexusOperationExecutionsResponse.AggregationGroup."
        "group_values",
        "values of search attributes, which the server makes"
    },
    Exception{"temporal.api.compute.v1.ComputeProvider.details", "the server acts on them"},
    Exception{"temporal.api.compute.v1.ComputeScaler.details", "the server acts on them"},
    Exception{"temporal.api.nexus.v1.EndpointSpec.description", "user interfaces show it"},
    Exception{"temporal.api.cloud.nexus.v1.EndpointSpec.description", "user interfaces show it"},
};

bool is_payload(const Descriptor* type) {
    return type == FoundPayloads::Payload::descriptor();
}

bool is_any(const Descriptor* type) {
    return type == google::protobuf::Any::descriptor();
}

/// The message type that a field holds, behind the map or the list; null if it holds none.
const Descriptor* held_by(const FieldDescriptor& field) {
    if (field.is_map()) {
        return field.message_type()->map_value()->message_type();
    }
    return field.message_type();
}

/// Fields that say whose the payloads below are.
struct Tellers {
    const FieldDescriptor* workflow_namespace = nullptr;
    const FieldDescriptor* workflow_id = nullptr;
    const FieldDescriptor* child_workflow_id = nullptr;
    const FieldDescriptor* execution = nullptr;
    const FieldDescriptor* update = nullptr;
    const FieldDescriptor* workflow_type = nullptr;
    const FieldDescriptor* activity_id = nullptr;
    const FieldDescriptor* activity_type = nullptr;

    explicit Tellers(const Descriptor& type)
        : workflow_namespace{text(type, "namespace")},
          workflow_id{text(type, "workflow_id")},
          child_workflow_id{text(type, "child_workflow_id")},
          execution{message(type, "workflow_execution")},
          update{message(type, "update_ref")},
          workflow_type{any(type, "workflow_type")},
          activity_id{text(type, "activity_id")},
          activity_type{any(type, "activity_type")} {
        if (execution == nullptr) {
            execution = message(type, "execution");
        }
        if (execution != nullptr && text(*execution->message_type(), "workflow_id") == nullptr) {
            execution = nullptr;
        }
    }

    [[nodiscard]] bool tell() const {
        return workflow_namespace != nullptr || workflow_id != nullptr ||
               child_workflow_id != nullptr || execution != nullptr || update != nullptr ||
               workflow_type != nullptr || activity_id != nullptr || activity_type != nullptr;
    }

    void read(const Message& message, PayloadContext& context) const {
        if (update != nullptr && message.GetReflection()->HasField(message, update)) {
            Tellers{*update->message_type()}.read(
                message.GetReflection()->GetMessage(message, update), context
            );
        }
        if (execution != nullptr && message.GetReflection()->HasField(message, execution)) {
            const Message& which = message.GetReflection()->GetMessage(message, execution);
            take(which, text(*which.GetDescriptor(), "namespace"), context.workflow_namespace);
            take(which, text(*which.GetDescriptor(), "workflow_id"), context.workflow_id);
        }
        take(message, workflow_namespace, context.workflow_namespace);
        take(message, workflow_id, context.workflow_id);
        take(message, child_workflow_id, context.workflow_id);
        take(message, workflow_type, context.workflow_type);
        take(message, activity_id, context.activity_id);
        take(message, activity_type, context.activity_type);
    }

private:
    static const FieldDescriptor* any(const Descriptor& type, const char* name) {
        const auto* const field = type.FindFieldByName(name);
        const bool usable = field != nullptr && !field->is_repeated() &&
                            (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING ||
                             (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
                              text(*field->message_type(), "name") != nullptr));
        return usable ? field : nullptr;
    }
    static const FieldDescriptor* text(const Descriptor& type, const char* name) {
        const auto* const field = type.FindFieldByName(name);
        const bool usable = field != nullptr && !field->is_repeated() &&
                            field->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
        return usable ? field : nullptr;
    }
    static const FieldDescriptor* message(const Descriptor& type, const char* name) {
        const auto* const field = type.FindFieldByName(name);
        const bool usable = field != nullptr && !field->is_repeated() &&
                            field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
        return usable ? field : nullptr;
    }
    /// The text of the field, or of the `name` in its message, unless that is empty.
    static void take(const Message& message, const FieldDescriptor* field, std::string& target) {
        if (field == nullptr) {
            return;
        }
        const auto* const reflection = message.GetReflection();
        if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
            if (reflection->HasField(message, field)) {
                take(
                    reflection->GetMessage(message, field),
                    text(*field->message_type(), "name"),
                    target
                );
            }
            return;
        }
        std::string value = reflection->GetString(message, field);
        if (!value.empty()) {
            target = std::move(value);
        }
    }
};

struct Plan;

/// A field on the way to payloads.
struct Step {
    const FieldDescriptor* field;
    bool header;
    /// Of the message below; null if that is a payload or an Any.
    const Plan* below;
};

/// How to find the payloads in a message of one type.
struct Plan {
    explicit Plan(const Descriptor& type) : tellers{type} {}

    std::vector<Step> steps;
    Tellers tellers;
};

/// All plans, made when they are first needed and kept for ever, as the descriptors are.
class Plans {
public:
    static const Plan* of(const Descriptor& type) {
        static Plans* const plans = new Plans;
        {
            const std::shared_lock lock{plans->mutex_};
            if (const auto found = plans->plans_.find(&type); found != plans->plans_.end()) {
                return found->second.get();
            }
        }
        const std::lock_guard lock{plans->mutex_};
        plans->make(type);
        return plans->plans_.at(&type).get();
    }

private:
    using Fields = std::vector<const FieldDescriptor*>;

    static Fields visited_fields(const Descriptor& type) {
        Fields fields;
        for (int i = 0; i < type.field_count(); ++i) {
            const auto* const field = type.field(i);
            if (held_by(*field) != nullptr && read_by_others(*field) == nullptr) {
                fields.push_back(field);
            }
        }
        return fields;
    }

    void make(const Descriptor& root) {
        // Types refer to each other in circles, so first all that can be reached, then which of
        // them lead to a payload, then how.
        std::vector<std::pair<const Descriptor*, Fields>> reached;
        std::unordered_map<const Descriptor*, bool> leads;
        const auto reach = [&](const Descriptor* type) {
            if (!plans_.contains(type) && leads.emplace(type, false).second) {
                reached.emplace_back(type, visited_fields(*type));
            }
        };
        reach(&root);
        for (std::size_t i = 0; i < reached.size(); ++i) {
            const Fields fields = reached[i].second;
            for (const auto* const field : fields) {
                const auto* const held = held_by(*field);
                if (!is_payload(held) && !is_any(held)) {
                    reach(held);
                }
            }
        }
        const auto leads_on = [&](const FieldDescriptor* field) {
            const auto* const held = held_by(*field);
            if (is_payload(held) || is_any(held)) {
                return true;
            }
            const auto known = plans_.find(held);
            return known != plans_.end() ? known->second != nullptr : leads.at(held);
        };
        for (bool changed = true; changed;) {
            changed = false;
            for (const auto& [type, fields] : reached) {
                if (!leads[type] && std::any_of(fields.begin(), fields.end(), leads_on)) {
                    leads[type] = changed = true;
                }
            }
        }
        for (const auto& [type, fields] : reached) {
            plans_[type] = leads[type] ? std::make_unique<Plan>(*type) : nullptr;
        }
        for (const auto& [type, fields] : reached) {
            for (const auto* const field : fields) {
                if (plans_[type] && leads_on(field)) {
                    const auto* const held = held_by(*field);
                    const bool leaf = is_payload(held) || is_any(held);
                    plans_[type]->steps.push_back(
                        {field, is_header(*field), leaf ? nullptr : plans_[held].get()}
                    );
                }
            }
        }
    }

    std::shared_mutex mutex_;
    std::unordered_map<const Descriptor*, std::unique_ptr<Plan>> plans_;
};

}  // namespace

class Search {
public:
    Search(FoundPayloads& found, bool with_headers, FoundPayloads::AtFailure at_failure)
        : found_{found}, with_headers_{with_headers}, at_failure_{at_failure} {}

    void message(Message& message, const Plan& plan, const PayloadContext& outer) {
        if (!plan.tellers.tell()) {
            fields(message, plan, outer);
            return;
        }
        PayloadContext context = outer;
        plan.tellers.read(message, context);
        fields(message, plan, context);
    }

private:
    void fields(Message& message, const Plan& plan, const PayloadContext& context) {
        const auto* const reflection = message.GetReflection();
        if (at_failure_ != nullptr &&
            message.GetDescriptor() == FoundPayloads::Failure::descriptor()) {
            at_failure_(static_cast<FoundPayloads::Failure&>(message));
        }
        for (const Step& step : plan.steps) {
            if (step.header && !with_headers_) {
                continue;
            }
            if (!step.field->is_repeated()) {
                if (reflection->HasField(message, step.field)) {
                    held(*reflection->MutableMessage(&message, step.field), step, context);
                }
                continue;
            }
            const int size = reflection->FieldSize(message, step.field);
            for (int i = 0; i < size; ++i) {
                Message& item = *reflection->MutableRepeatedMessage(&message, step.field, i);
                if (step.field->is_map()) {
                    const auto* const value = step.field->message_type()->map_value();
                    held(*item.GetReflection()->MutableMessage(&item, value), step, context);
                } else {
                    held(item, step, context);
                }
            }
        }
    }

    void held(Message& held, const Step& step, const PayloadContext& context) {
        if (step.below != nullptr) {
            message(held, *step.below, context);
        } else if (is_payload(held.GetDescriptor())) {
            add(static_cast<FoundPayloads::Payload&>(held), context);
        } else {
            open(static_cast<google::protobuf::Any&>(held), context);
        }
    }

    void add(FoundPayloads::Payload& payload, const PayloadContext& context) {
        auto& groups = found_.groups_;
        // Neighbours nearly always share theirs.
        if (groups.empty() || groups.back().context != context) {
            groups.push_back({context, {}});
        }
        groups.back().payloads.push_back(&payload);
    }

    void open(google::protobuf::Any& any, const PayloadContext& context) {
        std::string name;
        if (!google::protobuf::Any::ParseAnyTypeUrl(any.type_url(), &name)) {
            return;
        }
        const auto* const type = DescriptorPool::generated_pool()->FindMessageTypeByName(name);
        const Plan* const plan = type != nullptr ? Plans::of(*type) : nullptr;
        if (plan == nullptr) {
            return;
        }
        std::unique_ptr<Message> inside{
            MessageFactory::generated_factory()->GetPrototype(type)->New()
        };
        if (inside->ParseFromString(any.value())) {
            if (packed_ == kMaxPacked) {
                throw PayloadCodecError{
                    "a message is packed in another one, and that in another, more than " +
                    std::to_string(kMaxPacked) + " times; nobody looks for payloads as deep"
                };
            }
            ++packed_;
            message(*inside, *plan, context);
            --packed_;
            found_.opened_.push_back({&any, std::move(inside)});
        }
    }

    FoundPayloads& found_;
    const bool with_headers_;
    const FoundPayloads::AtFailure at_failure_;
    int packed_ = 0;
};

bool may_have_payloads(const Descriptor& type) {
    return Plans::of(type) != nullptr;
}

const char* read_by_others(const FieldDescriptor& field) {
    const auto* const found = std::ranges::find(kReadByOthers, field.full_name(), &Exception::name);
    return found == kReadByOthers.end() ? nullptr : found->why;
}

PayloadContext whose(const Message& message, PayloadContext known) {
    Tellers{*message.GetDescriptor()}.read(message, known);
    return known;
}

bool is_header(const FieldDescriptor& field) {
    const auto* const held = held_by(field);
    return held != nullptr && (held->full_name() == kHeaderType ||
                               (field.is_map() && is_payload(held) &&
                                (field.name() == "headers" || field.name() == "header_fields")));
}

void FoundPayloads::find(
    Message& message, const PayloadContext& context, bool with_headers, AtFailure at_failure
) {
    if (const Plan* const plan = Plans::of(*message.GetDescriptor())) {
        Search{*this, with_headers, at_failure}.message(message, *plan, context);
    }
}

void FoundPayloads::pack() {
    // What is packed in another one comes before that.
    for (const Opened& opened : opened_) {
        opened.any->set_value(opened.message->SerializeAsString());
    }
}

}  // namespace hourglass::codec
