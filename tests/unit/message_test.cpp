#include <coroom/message.hpp>
#include <coroom/publication.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace coroom {
namespace {

Message sent(const Message& message) {
  return message;
}

TEST(Message, ConvertsFromText) {
  using namespace std::string_literals;
  using namespace std::string_view_literals;
  for (const Message& message : {sent("tea"), sent("tea"s), sent("tea"sv)}) {
    EXPECT_EQ(message.kind, Message::Kind::text);
    EXPECT_EQ(message.data, "tea");
  }
}

TEST(Message, ConvertsFromJson) {
  const boost::json::object object{{"a", 1}};
  EXPECT_EQ(sent(object).data, R"({"a":1})");
  EXPECT_EQ(sent(boost::json::value(object)).data, R"({"a":1})");
  EXPECT_EQ(sent(boost::json::array{1, "b"}).data, R"([1,"b"])");
  EXPECT_EQ(sent(object).kind, Message::Kind::json);
}

TEST(Message, IsBinaryByName) {
  EXPECT_EQ(sent(Message::binary("\x01")).kind, Message::Kind::binary);
}

TEST(Message, BecomesAPublicationOfItsKind) {
  EXPECT_EQ(Publication::of("a").kind, Publication::Kind::text);
  EXPECT_EQ(Publication::of(Message::binary("a")).kind, Publication::Kind::binary);
  const Publication json = Publication::of(boost::json::object{{"a", 1}});
  EXPECT_EQ(json.kind, Publication::Kind::json);
  EXPECT_EQ(json.data, R"({"a":1})");
}

}  // namespace
}  // namespace coroom
