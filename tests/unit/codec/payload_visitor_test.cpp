#include "src/codec/payload_visitor.hpp"

#include "hourglass/codec/payload_codec.hpp"

#include "temporal/api/protocol/v1/message.pb.h"
#include "temporal/api/update/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"
#include "temporal/sdk/core/workflow_completion/workflow_completion.pb.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace hourglass::codec {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using ::testing::UnorderedElementsAre;

using Payload = FoundPayloads::Payload;

const Descriptor* held_by(const FieldDescriptor& field) {
    const Descriptor* const type = field.message_type();
    return field.is_map() ? type->FindFieldByNumber(2)->message_type() : type;
}

void add_types(const Descriptor& type, std::vector<const Descriptor*>& types) {
    if (!type.options().map_entry()) {
        types.push_back(&type);
    }
    for (int i = 0; i < type.nested_type_count(); ++i) {
        add_types(*type.nested_type(i), types);
    }
}

/// The messages of every proto that the build knows.
std::vector<const Descriptor*> all_types() {
    std::vector<const Descriptor*> types;
    std::ifstream list{HOURGLASS_PROTO_LIST};
    for (std::string line; std::getline(list, line);) {
        if (line.empty() || line.starts_with('#')) {
            continue;
        }
        const auto* const file = DescriptorPool::generated_pool()->FindFileByName(line);
        EXPECT_NE(file, nullptr) << line << " is not linked";
        for (int i = 0; file != nullptr && i < file->message_type_count(); ++i) {
            add_types(*file->message_type(i), types);
        }
    }
    return types;
}

/// The field that leads on to a payload in the fewest steps, for each type that leads to one at
/// all; found without the visitor.
std::map<const Descriptor*, const FieldDescriptor*> ways_to_payloads(
    const std::vector<const Descriptor*>& types
) {
    std::map<const Descriptor*, const FieldDescriptor*> ways;
    for (bool changed = true; changed;) {
        changed = false;
        std::map<const Descriptor*, const FieldDescriptor*> found;
        for (const auto* const type : types) {
            for (int i = 0; i < type->field_count() && !ways.contains(type); ++i) {
                const auto& field = *type->field(i);
                const auto* const held = held_by(field);
                const bool leads = held == Payload::descriptor() || ways.contains(held);
                if (held != nullptr && leads && read_by_others(field) == nullptr &&
                    !is_header(field)) {
                    found.emplace(type, &field);
                }
            }
        }
        changed = !found.empty();
        ways.merge(found);
    }
    return ways;
}

/// Sets the field to one message, which is returned.
Message& put(Message& message, const FieldDescriptor& field) {
    const auto* const reflection = message.GetReflection();
    if (!field.is_repeated()) {
        return *reflection->MutableMessage(&message, &field);
    }
    Message& item = *reflection->AddMessage(&message, &field);
    if (!field.is_map()) {
        return item;
    }
    const auto& entry = *field.message_type();
    if (entry.map_key()->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        item.GetReflection()->SetString(&item, entry.map_key(), "key");
    }
    return *item.GetReflection()->MutableMessage(&item, entry.map_value());
}

/// A message of the type in which nothing is set but `first`, and below it one payload.
std::unique_ptr<Message> message_with_one_payload(
    const Descriptor& type,
    const FieldDescriptor& first,
    const std::map<const Descriptor*, const FieldDescriptor*>& ways
) {
    std::unique_ptr<Message> message{MessageFactory::generated_factory()->GetPrototype(&type)->New()
    };
    Message* place = &put(*message, first);
    while (place->GetDescriptor() != Payload::descriptor()) {
        place = &put(*place, *ways.at(place->GetDescriptor()));
    }
    static_cast<Payload*>(place)->set_data("seen by nobody");
    return message;
}

/// Changes each payload that is found.
/// @returns how many there are.
std::size_t visit(Message& message, bool with_headers) {
    FoundPayloads found;
    found.find(message, {}, with_headers);
    std::size_t count = 0;
    for (const auto& group : found.groups()) {
        for (auto* const payload : group.payloads) {
            EXPECT_EQ(payload->data(), "seen by nobody");
            payload->set_data("visited");
            ++count;
        }
    }
    found.pack();
    return count;
}

bool has(const Message& message, const std::string& text) {
    return message.SerializeAsString().find(text) != std::string::npos;
}

// By induction: how a type is visited depends on the type alone, and each field of each type is
// tried with a payload behind it. So a payload at the end of any chain of fields is found.
TEST(PayloadVisitor, FindsThePayloadBehindEachFieldOfEachMessage) {
    const auto types = all_types();
    const auto ways = ways_to_payloads(types);
    std::set<std::string> not_visited;
    std::size_t fields = 0;
    for (const auto* const type : types) {
        for (int i = 0; i < type->field_count(); ++i) {
            const auto& field = *type->field(i);
            const auto* const held = held_by(field);
            if (held != Payload::descriptor() && !ways.contains(held)) {
                continue;
            }
            ++fields;
            SCOPED_TRACE(field.full_name());
            const auto without_headers =
                visit(*message_with_one_payload(*type, field, ways), false);
            const auto message = message_with_one_payload(*type, field, ways);
            const auto count = visit(*message, true);
            if (read_by_others(field) != nullptr) {
                not_visited.insert(field.full_name());
                EXPECT_EQ(count + without_headers, 0U);
                continue;
            }
            EXPECT_TRUE(may_have_payloads(*type));
            EXPECT_EQ(without_headers, is_header(field) ? 0U : 1U);
            ASSERT_EQ(count, 1U);
            EXPECT_TRUE(has(*message, "visited"));
            EXPECT_FALSE(has(*message, "seen by nobody"));
        }
    }
    EXPECT_GT(fields, 400U) << "of all of Temporal's API";
    // A field that is added to the API is visited. If it should not be, it is added here.
    EXPECT_THAT(
        not_visited,
        UnorderedElementsAre(
            "temporal.api.cloud.nexus.v1.EndpointSpec.description",
            "temporal.api.common.v1.SearchAttributes.indexed_fields",
            "temporal.api.compute.v1.ComputeProvider.details",
            "temporal.api.compute.v1.ComputeScaler.details",
            "temporal.api.nexus.v1.EndpointSpec.description",
            "temporal.api.workflowservice.v1.CountActivityExecutionsResponse.AggregationGroup."
            "group_values",
            "temporal.api.workflowservice.v1.CountNexusOperationExecutionsResponse."
            "AggregationGroup.group_values",
            "temporal.api.workflowservice.v1.CountSchedulesResponse.AggregationGroup.group_values",
            "temporal.api.workflowservice.v1.CountWorkflowExecutionsResponse.AggregationGroup."
            "group_values"
        )
    );
}

// The list of protos is complete: each service's messages are among the types above, and so is all
// that any of them can hold.
TEST(PayloadVisitor, IsTriedWithAllThatAServiceCanSend) {
    const auto types = all_types();
    const std::set<const Descriptor*> all{types.begin(), types.end()};
    const auto is_tried = [&all](const Descriptor* type) {
        return all.contains(type) || type->full_name().starts_with("google.protobuf.");
    };
    std::set<std::string> services;
    for (const auto* const type : types) {
        for (int i = 0; i < type->field_count(); ++i) {
            const auto* const held = held_by(*type->field(i));
            EXPECT_TRUE(held == nullptr || is_tried(held)) << type->field(i)->full_name();
        }
    }
    std::ifstream list{HOURGLASS_PROTO_LIST};
    for (std::string line; std::getline(list, line);) {
        const auto* const file = DescriptorPool::generated_pool()->FindFileByName(line);
        for (int i = 0; file != nullptr && i < file->service_count(); ++i) {
            const auto& service = *file->service(i);
            services.insert(service.full_name());
            for (int j = 0; j < service.method_count(); ++j) {
                const auto& method = *service.method(j);
                EXPECT_TRUE(is_tried(method.input_type())) << method.full_name();
                EXPECT_TRUE(is_tried(method.output_type())) << method.full_name();
            }
        }
    }
    EXPECT_THAT(
        services,
        UnorderedElementsAre(
            "grpc.health.v1.Health",
            "temporal.api.cloud.cloudservice.v1.CloudService",
            "temporal.api.operatorservice.v1.OperatorService",
            "temporal.api.testservice.v1.TestService",
            "temporal.api.workflowservice.v1.WorkflowService"
        )
    );
}

TEST(PayloadVisitor, PassesByTypesWithoutPayloads) {
    EXPECT_FALSE(may_have_payloads(*temporal::api::common::v1::WorkflowExecution::descriptor()));
    EXPECT_FALSE(may_have_payloads(*temporal::api::common::v1::SearchAttributes::descriptor()));
    EXPECT_FALSE(may_have_payloads(
        *temporal::api::workflowservice::v1::TerminateWorkflowExecutionResponse::descriptor()
    ));
    temporal::api::common::v1::WorkflowExecution message;
    FoundPayloads found;
    found.find(message, {}, true);
    EXPECT_TRUE(found.empty());
}

TEST(PayloadVisitor, FollowsCauses) {
    temporal::api::failure::v1::Failure failure;
    auto* inner = &failure;
    for (int i = 0; i < 5; ++i) {
        inner->mutable_encoded_attributes()->set_data("seen by nobody");
        inner = inner->mutable_cause();
    }
    EXPECT_EQ(visit(failure, false), 5U);
}

TEST(PayloadVisitor, ShowsEachFailureBeforeItsPayloadsAreTaken) {
    coresdk::workflow_completion::WorkflowActivationCompletion completion;
    completion.mutable_failed()->mutable_failure()->mutable_cause()->set_message("why");
    FoundPayloads found;
    found.find(completion, {}, false, [](FoundPayloads::Failure& failure) {
        failure.mutable_encoded_attributes()->set_data("seen by nobody");
    });
    ASSERT_EQ(found.groups().size(), 1U);
    EXPECT_EQ(found.groups().front().payloads.size(), 2U);
}

TEST(PayloadVisitor, OpensWhatIsPacked) {
    temporal::api::update::v1::Request request;
    request.mutable_input()->mutable_args()->add_payloads()->set_data("seen by nobody");
    temporal::api::protocol::v1::Message message;
    message.mutable_body()->PackFrom(request);
    EXPECT_EQ(visit(message, false), 1U);
    ASSERT_TRUE(message.body().UnpackTo(&request));
    EXPECT_EQ(request.input().args().payloads(0).data(), "visited");
}

TEST(PayloadVisitor, PacksAgainWhatWasPackedTwice) {
    temporal::api::update::v1::Request request;
    request.mutable_input()->mutable_args()->add_payloads()->set_data("seen by nobody");
    temporal::api::protocol::v1::Message inner;
    inner.mutable_body()->PackFrom(request);
    temporal::api::protocol::v1::Message outer;
    outer.mutable_body()->PackFrom(inner);
    EXPECT_EQ(visit(outer, false), 1U);
    ASSERT_TRUE(outer.body().UnpackTo(&inner));
    ASSERT_TRUE(inner.body().UnpackTo(&request));
    EXPECT_EQ(request.input().args().payloads(0).data(), "visited");
}

TEST(PayloadVisitor, RefusesWhatIsPackedTooDeep) {
    temporal::api::protocol::v1::Message message;
    for (int i = 0; i < 100; ++i) {
        temporal::api::protocol::v1::Message outer;
        outer.mutable_body()->PackFrom(message);
        message = std::move(outer);
    }
    EXPECT_THROW(visit(message, false), PayloadCodecError);
}

TEST(PayloadVisitor, LeavesWhatIsPackedAndUnknown) {
    temporal::api::protocol::v1::Message message;
    message.mutable_body()->set_type_url("type.googleapis.com/nobody.knows.It");
    message.mutable_body()->set_value("something");
    EXPECT_EQ(visit(message, true), 0U);
    EXPECT_EQ(message.body().value(), "something");
}

TEST(PayloadVisitor, TellsWhosePayloadsTheyAre) {
    temporal::api::workflowservice::v1::SignalWithStartWorkflowExecutionRequest request;
    request.set_namespace_("shop");
    request.set_workflow_id("order-7");
    request.mutable_workflow_type()->set_name("Checkout");
    request.mutable_input()->add_payloads()->set_data("seen by nobody");
    request.mutable_signal_input()->add_payloads()->set_data("seen by nobody");
    FoundPayloads found;
    found.find(request, {.workflow_id = "another"}, false);
    ASSERT_EQ(found.groups().size(), 1U) << "those of the same workflow come together";
    EXPECT_EQ(
        found.groups().front().context,
        (PayloadContext{
            .workflow_namespace = "shop", .workflow_id = "order-7", .workflow_type = "Checkout"
        })
    );
    EXPECT_EQ(found.groups().front().payloads.size(), 2U);
}

TEST(PayloadVisitor, TellsWhoseUpdateItIs) {
    temporal::api::workflowservice::v1::PollWorkflowExecutionUpdateRequest request;
    request.mutable_update_ref()->mutable_workflow_execution()->set_workflow_id("order-7");
    EXPECT_EQ(whose(request, {}), (PayloadContext{.workflow_id = "order-7"}));
}

TEST(PayloadVisitor, TellsTheReceiversOfCommands) {
    coresdk::workflow_completion::WorkflowActivationCompletion completion;
    auto& commands = *completion.mutable_successful()->mutable_commands();
    auto* const activity = commands.Add()->mutable_schedule_activity();
    activity->set_activity_id("3");
    activity->set_activity_type("charge");
    activity->add_arguments()->set_data("seen by nobody");
    auto* const child = commands.Add()->mutable_start_child_workflow_execution();
    child->set_workflow_id("child-1");
    child->set_workflow_type("Ship");
    (*child->mutable_memo())["note"].set_data("seen by nobody");
    auto* const external = commands.Add()->mutable_signal_external_workflow_execution();
    external->mutable_workflow_execution()->set_workflow_id("far-1");
    external->add_args()->set_data("seen by nobody");
    const PayloadContext own{.workflow_id = "order-7", .workflow_type = "Checkout"};
    FoundPayloads found;
    found.find(completion, own, false);
    ASSERT_EQ(found.groups().size(), 3U);
    EXPECT_EQ(
        found.groups()[0].context,
        (PayloadContext{
            .workflow_id = "order-7",
            .workflow_type = "Checkout",
            .activity_id = "3",
            .activity_type = "charge"
        })
    );
    EXPECT_EQ(
        found.groups()[1].context,
        (PayloadContext{.workflow_id = "child-1", .workflow_type = "Ship"})
    );
    EXPECT_EQ(found.groups()[2].context.workflow_id, "far-1");
}

}  // namespace
}  // namespace hourglass::codec
