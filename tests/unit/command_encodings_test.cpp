#include "centrifuge/command.hpp"
#include "testkit/protobuf.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace coroom::detail::centrifuge {
namespace {

using M = testkit::ProtobufMessage;

/// Returns the first command of a frame, which outlives it.
ParsedCommand command_in(Encoding encoding, std::string_view frame) {
  return *CommandReader(encoding, frame).next();
}

void expect_equal(std::string_view json, const M& protobuf) {
  const auto from_json = command_in(Encoding::json, json);
  const auto from_protobuf = command_in(Encoding::protobuf, protobuf.delimited());
  ASSERT_TRUE(from_json) << json << ": " << from_json.error().why;
  ASSERT_TRUE(from_protobuf) << json << ": " << from_protobuf.error().why;
  EXPECT_EQ(*from_json, *from_protobuf) << json;
}

void expect_equal_faults(std::string_view json, const M& protobuf) {
  const auto from_json = command_in(Encoding::json, json);
  const auto from_protobuf = command_in(Encoding::protobuf, protobuf.delimited());
  ASSERT_FALSE(from_json) << json;
  ASSERT_FALSE(from_protobuf) << json;
  EXPECT_EQ(from_json.error().why, from_protobuf.error().why);
  EXPECT_EQ(from_json.error().command.id, from_protobuf.error().command.id) << json;
  EXPECT_EQ(from_json.error().command.sends, from_protobuf.error().command.sends) << json;
}

/// Returns the command with the id 7 and one request.
M command(std::uint32_t method, const M& request) {
  return M().number(1, 7).message(method, request);
}

TEST(CommandEncodings, GiveEqualConnections) {
  expect_equal("{}", M());
  expect_equal(R"({"id":7,"connect":{}})", command(4, M()));
  expect_equal(
      R"({"id":7,"connect":{"token":"t","data":{"a":1},"name":"js","version":"1",)"
      R"("subs":{"news":{"recover":true,"offset":5,"epoch":"e"},"tea":{}}}})",
      command(4, M().text(1, "t")
                     .text(2, R"({"a":1})")
                     .text(4, "js")
                     .text(5, "1")
                     .message(3, M().text(1, "news").message(2, M().number(3, 1).number(7, 5).text(6, "e")))
                     .message(3, M().text(1, "tea"))));
  expect_equal(R"({"id":7,"refresh":{"token":"t"}})", command(14, M().text(1, "t")));
  expect_equal(R"({"id":7,"ping":{}})", command(11, M()));
}

TEST(CommandEncodings, GiveEqualSubscriptions) {
  expect_equal(
      R"({"id":7,"subscribe":{"channel":"tea","token":"t","data":[1],"recover":true,"offset":5,"epoch":"e",)"
      R"("positioned":true,"recoverable":true,"join_leave":true,"flag":3,"type":1}})",
      command(5, M().text(1, "tea")
                     .text(2, "t")
                     .text(8, "[1]")
                     .number(3, 1)
                     .number(7, 5)
                     .text(6, "e")
                     .number(9, 1)
                     .number(10, 1)
                     .number(11, 1)
                     .number(14, 3)
                     .number(15, 1)));
  expect_equal(
      R"({"id":7,"subscribe":{"tf":{"op":"and","nodes":[{"key":"k","cmp":"eq","val":"v"},)"
      R"({"key":"l","cmp":"in","vals":["a","b"]}]}}})",
      command(5, M().message(13, M().text(1, "and")
                                     .message(6, M().text(2, "k").text(3, "eq").text(4, "v"))
                                     .message(6, M().text(2, "l").text(3, "in").text(5, "a").text(5, "b")))));
  expect_equal(R"({"id":7,"unsubscribe":{"channel":"tea"}})", command(6, M().text(1, "tea")));
  expect_equal(R"({"id":7,"sub_refresh":{"channel":"tea","token":"t","type":1}})",
               command(15, M().text(1, "tea").text(2, "t").number(3, 1)));
}

TEST(CommandEncodings, GiveEqualCommandsOfAChannel) {
  expect_equal(R"({"id":7,"publish":{"channel":"tea","data":{"a":1}}})",
               command(7, M().text(1, "tea").text(2, R"({"a":1})")));
  expect_equal(R"({"id":7,"publish":{"channel":"tea","data":1,"key":"k"}})",
               command(7, M().text(1, "tea").text(2, "1").text(4, "k")));
  expect_equal(R"({"id":7,"publish":{"data":1,"removed":true}})", command(7, M().text(2, "1").number(5, 1)));
  expect_equal(R"({"id":7,"presence":{"channel":"tea"}})", command(8, M().text(1, "tea")));
  expect_equal(R"({"id":7,"presence_stats":{"channel":"tea"}})", command(9, M().text(1, "tea")));
  expect_equal(
      R"({"id":7,"history":{"channel":"tea","limit":-1,"since":{"offset":5,"epoch":"e"},"reverse":true}})",
      command(10, M().text(1, "tea")
                      .number(7, ~std::uint64_t{0})
                      .message(8, M().number(1, 5).text(2, "e"))
                      .number(9, 1)));
}

TEST(CommandEncodings, GiveEqualCalls) {
  expect_equal(R"({"id":7,"rpc":{"method":"vote","data":"x"}})",
               command(13, M().text(2, "vote").text(1, R"("x")")));
  expect_equal(R"({"send":{"data":{}}})", M().message(12, M().text(1, "{}")));
  expect_equal(R"({"id":7,"send":{"data":{}}})", command(12, M().text(1, "{}")));
}

TEST(CommandEncodings, GiveEqualFaults) {
  expect_equal_faults(R"({"id":7})", M().number(1, 7));
  expect_equal_faults(R"({"id":7,"publish":{"channel":1}})", command(7, M().number(1, 1)));
}

}  // namespace
}  // namespace coroom::detail::centrifuge
