#include "protocol/chat_message.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace coroom::detail::protocol {
namespace {

using Form = ChatMessage::Form;

Form form_of(std::string_view data) {
  return read_chat_message(data).form;
}

std::string text_of_size(std::size_t size) {
  return R"({"id":"1","text":")" + std::string(size, 'a') + "\"}";
}

TEST(ChatMessage, HasATextAndAnId) {
  EXPECT_EQ(form_of(R"({"text":"hello","id":"c0ffee00-0000-4000-8000-000000000000"})"), Form::message);
  EXPECT_EQ(form_of(R"({"id":"1","text":"茶","reply":7})"), Form::message);
  EXPECT_EQ(form_of(R"({"id":"1","text":"hello","more":{"of":["it"]}})"), Form::message)
      << "unknown fields are ignored";
}

TEST(ChatMessage, RefersToAnOffset) {
  const auto edit = read_chat_message(R"({"edit":7,"text":"better","id":"2"})");
  EXPECT_EQ(edit.form, Form::edit);
  EXPECT_EQ(edit.offset, 7);
  EXPECT_EQ(form_of(R"({"edit":7,"text":"better"})"), Form::edit);
  const auto removal = read_chat_message(R"({"delete":8})");
  EXPECT_EQ(removal.form, Form::removal);
  EXPECT_EQ(removal.offset, 8);
  const auto reaction = read_chat_message(R"({"react":9,"emoji":"👍🏽","on":false})");
  EXPECT_EQ(reaction.form, Form::reaction);
  EXPECT_EQ(reaction.offset, 9);
}

TEST(ChatMessage, IsOtherIfOfAnotherApplication) {
  for (const char* data :
       {R"("hello")", "7", "null", "true", "[]", R"([{"edit":7}])", "{}", R"({"text":"hello"})",
        R"({"id":"1"})", R"({"text":5,"user":"Ann"})", R"({"emoji":"x","on":true})", R"({"typing":true})",
        R"({"reply":7})", R"({"Edit":7})", R"({"inner":{"edit":7}})"})
    EXPECT_EQ(form_of(data), Form::other) << data;
}

TEST(ChatMessage, IsMalformedWithSeveralForms) {
  for (const char* data :
       {R"({"edit":7,"text":"x","delete":7})", R"({"delete":7,"react":7,"emoji":"x","on":true})",
        R"({"delete":7,"text":"x","id":"1"})", R"({"react":7,"emoji":"x","on":true,"text":"y"})",
        R"({"edit":7,"react":8,"emoji":"x","on":true,"text":"y"})"})
    EXPECT_EQ(form_of(data), Form::malformed) << data;
}

TEST(ChatMessage, IsMalformedWithAWrongType) {
  for (const char* data :
       {R"({"text":5,"id":"1"})", R"({"text":"x","id":1})", R"({"text":null,"id":"1"})",
        R"({"text":"x","id":null})", R"({"text":"x","id":"1","reply":"7"})",
        R"({"text":"x","id":"1","reply":0})", R"({"text":"x","id":"1","reply":null})", R"({"edit":7})",
        R"({"edit":7,"text":["x"]})", R"({"edit":7,"text":"x","id":{}})", R"({"react":7})",
        R"({"react":7,"emoji":"x"})", R"({"react":7,"emoji":"x","on":1})",
        R"({"react":7,"emoji":7,"on":true})", R"({"delete":true})"})
    EXPECT_EQ(form_of(data), Form::malformed) << data;
}

TEST(ChatMessage, ReadsAnOffsetInAnyNotation) {
  for (const char* offset : {"1.0", "1e0", "0.1E1"})
    EXPECT_EQ(read_chat_message(std::string(R"({"delete":)") + offset + "}").offset, 1) << offset;
}

// An offset that a page might accept must have the same meaning here.
TEST(ChatMessage, IsMalformedWithAnInvalidOffset) {
  for (const char* offset : {"0", "-1", "1.5", "0.0", "1e16", "\"7\"", "null", "[7]", "{}",
                             "9007199254740992", "18446744073709551615", "18446744073709551616", "1e400"})
    EXPECT_EQ(form_of(R"({"delete":)" + std::string(offset) + "}"), Form::malformed) << offset;
  EXPECT_EQ(read_chat_message(R"({"delete":9007199254740991})").offset, 9007199254740991U);
}

TEST(ChatMessage, UsesTheLastOfDuplicateFields) {
  EXPECT_EQ(read_chat_message(R"({"delete":7,"delete":8})").offset, 8) << "as JSON.parse() does";
  EXPECT_EQ(read_chat_message(R"({"delete":7,"dele\u0074e":8})").offset, 8);
  EXPECT_EQ(form_of(R"({"\u0065dit":7,"text":5})"), Form::malformed);
}

TEST(ChatMessage, IsMalformedIfEmptyOrTooLong) {
  EXPECT_EQ(form_of(text_of_size(0)), Form::malformed);
  EXPECT_EQ(form_of(text_of_size(longest_text)), Form::message);
  EXPECT_EQ(form_of(text_of_size(longest_text + 1)), Form::malformed);
  EXPECT_EQ(form_of(R"({"edit":7,"text":""})"), Form::malformed);
  EXPECT_EQ(form_of(R"({"text":"x","id":""})"), Form::malformed);
  EXPECT_EQ(form_of(R"({"text":"x","id":")" + std::string(longest_message_id + 1, 'a') + "\"}"),
            Form::malformed);
  const auto reaction = [](std::size_t size) {
    return R"({"react":7,"on":true,"emoji":")" + std::string(size, 'a') + "\"}";
  };
  EXPECT_EQ(form_of(reaction(0)), Form::malformed);
  EXPECT_EQ(form_of(reaction(longest_emoji)), Form::reaction);
  EXPECT_EQ(form_of(reaction(longest_emoji + 1)), Form::malformed);
}

TEST(ChatMessage, IsMalformedIfNotParsable) {
  for (const char* data : {"{", R"({"edit":7,"text":"x")", "{\"text\":\"\xff\",\"id\":\"1\"}", "{} {}"})
    EXPECT_EQ(form_of(data), Form::malformed) << data;
  EXPECT_EQ(form_of("{\"a\":" + std::string(40, '[') + std::string(40, ']') + "}"), Form::malformed);
}

TEST(ChatMessage, KeepsOtherFieldsWhenEdited) {
  EXPECT_EQ(
      edited_message(R"({"text":"a","id":"1","reply":7,"more":[1]})", R"({"edit":3,"text":"b","id":"2"})"),
      R"({"text":"b","id":"1","reply":7,"more":[1]})");
}

TEST(ChatMessage, IsNoMessageOnceRemoved) {
  const std::string removed = removed_message(R"({"text":"a","id":"1","reply":7})");
  EXPECT_EQ(removed, R"({"deleted":true,"id":"1"})");
  EXPECT_EQ(form_of(removed), Form::removed);
  EXPECT_EQ(form_of(R"({"deleted":true})"), Form::other);
  EXPECT_EQ(form_of(R"({"deleted":true,"id":"1","text":"a"})"), Form::message);
  EXPECT_EQ(superseded_edit(7), R"({"edit":7})");
  EXPECT_EQ(form_of(superseded_edit(7)), Form::malformed) << "clients may not send it";
}

}  // namespace
}  // namespace coroom::detail::protocol
