#include "src/testing/thin_history.hpp"

#include "tests/unit/testing/histories.hpp"

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <cctype>
#include <string>
#include <string_view>

namespace hourglass::testing {
namespace {

using google::protobuf::util::MessageDifferencer;
using test::History;
using test::HistoryEvent;

/// One event of each type, with its attributes filled in.
History one_of_each() {
    History history;
    const auto& types = *test::enums::EventType_descriptor();
    for (int index = 0; index < types.value_count(); ++index) {
        const auto type = static_cast<test::enums::EventType>(types.value(index)->number());
        if (type == test::enums::EVENT_TYPE_UNSPECIFIED) {
            continue;
        }
        std::string name = types.value(index)->name().substr(sizeof("EVENT_TYPE_") - 1);
        for (char& c : name) {
            c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
        const auto* field = HistoryEvent::descriptor()->FindFieldByName(name + "_event_attributes");
        if (field == nullptr) {
            ADD_FAILURE() << "no attributes of " << name;
            continue;
        }
        auto& event = test::add(history, type);
        event.set_task_id(7);
        auto& attributes = *event.GetReflection()->MutableMessage(&event, field);
        for (int number = 0; number < attributes.GetDescriptor()->field_count(); ++number) {
            const auto* described = attributes.GetDescriptor()->field(number);
            if (described->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_INT64) {
                attributes.GetReflection()->SetInt64(&attributes, described, 42);
            }
        }
    }
    return history;
}

History thin(const History& history) {
    History thin;
    EXPECT_TRUE(read_thin_history(history.SerializeAsString(), thin));
    return thin;
}

TEST(ThinHistory, HasTheIdTypeAndKindOfAttributesOfEachEvent) {
    const History history = one_of_each();
    const History read = thin(history);
    ASSERT_EQ(read.events_size(), history.events_size());
    for (int index = 0; index < history.events_size(); ++index) {
        const auto& event = history.events(index);
        EXPECT_EQ(read.events(index).event_id(), event.event_id());
        EXPECT_EQ(read.events(index).event_type(), event.event_type());
        EXPECT_EQ(read.events(index).attributes_case(), event.attributes_case());
    }
}

TEST(ThinHistory, KeepsAllOfWhatComesFromACommand) {
    const History history = one_of_each();
    const History read = thin(history);
    int kept = 0;
    for (int index = 0; index < history.events_size(); ++index) {
        const auto& event = read.events(index);
        if (!event.has_event_time()) {
            continue;
        }
        ++kept;
        EXPECT_TRUE(MessageDifferencer::Equals(event, history.events(index)))
            << event.ShortDebugString();
    }
    EXPECT_LT(kept, history.events_size());
    for (const auto type :
         {test::enums::EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
          test::enums::EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
          test::enums::EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED,
          test::enums::EVENT_TYPE_TIMER_STARTED,
          test::enums::EVENT_TYPE_TIMER_CANCELED,
          test::enums::EVENT_TYPE_MARKER_RECORDED,
          test::enums::EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
          test::enums::EVENT_TYPE_WORKFLOW_PROPERTIES_MODIFIED,
          test::enums::EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED,
          test::enums::EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED,
          test::enums::EVENT_TYPE_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED,
          test::enums::EVENT_TYPE_NEXUS_OPERATION_SCHEDULED,
          test::enums::EVENT_TYPE_NEXUS_OPERATION_CANCEL_REQUESTED,
          test::enums::EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
          test::enums::EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
          test::enums::EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED,
          test::enums::EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW}) {
        bool found = false;
        for (const auto& event : read.events()) {
            found = found || (event.event_type() == type && event.has_event_time());
        }
        EXPECT_TRUE(found) << test::enums::EventType_Name(type);
    }
}

TEST(ThinHistory, LeavesOutWhatIsInTheResultOfAnActivity) {
    History history;
    auto& event = test::add(history, test::enums::EVENT_TYPE_ACTIVITY_TASK_COMPLETED);
    event.mutable_activity_task_completed_event_attributes()->mutable_result()->add_payloads();
    EXPECT_TRUE(thin(history)
                    .events(0)
                    .activity_task_completed_event_attributes()
                    .result()
                    .payloads()
                    .empty());
}

TEST(ThinHistory, IsNotReadFromOtherBytes) {
    History read;
    EXPECT_FALSE(read_thin_history("no history", read));
    const std::string whole = one_of_each().SerializeAsString();
    for (std::size_t size = 1; size <= whole.size(); ++size) {
        History part;
        const bool is_one = History{}.ParseFromString(whole.substr(0, size));
        EXPECT_EQ(read_thin_history(std::string_view{whole}.substr(0, size), part), is_one) << size;
    }
    for (const char last : {'\0', '\x8a'}) {
        History longer;
        EXPECT_FALSE(read_thin_history(whole + last, longer));
    }
}

TEST(ThinHistory, IsReadWhereFieldsStandInAnotherOrder) {
    History attributes_first;
    attributes_first.add_events()->mutable_timer_fired_event_attributes()->set_timer_id("1");
    HistoryEvent rest;
    rest.set_event_type(test::enums::EVENT_TYPE_TIMER_FIRED);
    rest.set_event_id(1);
    std::string event = attributes_first.events(0).SerializeAsString() + rest.SerializeAsString();
    std::string bytes{'\x0a', static_cast<char>(event.size())};
    bytes += event;
    History read;
    ASSERT_TRUE(read_thin_history(bytes, read));
    ASSERT_EQ(read.events_size(), 1);
    EXPECT_EQ(read.events(0).event_id(), 1);
    EXPECT_TRUE(read.events(0).has_timer_fired_event_attributes());
    EXPECT_EQ(read.events(0).timer_fired_event_attributes().timer_id(), "");
}

}  // namespace
}  // namespace hourglass::testing
