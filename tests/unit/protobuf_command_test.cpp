#include "centrifuge/protobuf_command.hpp"

#include "testkit/protobuf.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace coroom::detail::centrifuge::protobuf {
namespace {

using testkit::from_hex;
using testkit::ProtobufMessage;

/// Returns the only command of a frame.
ParsedCommand command_of(std::string_view frame) {
  auto command = take_command(frame);
  EXPECT_TRUE(frame.empty());
  return command ? *command : tl::unexpected(CommandFault{"no command", {}});
}

ParsedCommand command_of(const ProtobufMessage& message) {
  return command_of(message.delimited());
}

/// Returns a command with the id 7 and one request.
ParsedCommand command_with(std::uint32_t method, const ProtobufMessage& request) {
  return command_of(ProtobufMessage().number(1, 7).message(method, request));
}

template <class Request>
Request request_in(const ParsedCommand& command) {
  if (!command) {
    ADD_FAILURE() << command.error().why;
    return {};
  }
  const auto* const request = std::get_if<Request>(&command->request);
  EXPECT_NE(request, nullptr) << command->request.index();
  return request == nullptr ? Request() : *request;
}

std::string fault_of(const ParsedCommand& command) {
  return command ? "none" : command.error().why;
}

constexpr std::uint32_t connect = 4;
constexpr std::uint32_t subscribe = 5;
constexpr std::uint32_t publish = 7;
constexpr std::uint32_t history = 10;
constexpr std::uint32_t send = 12;
constexpr std::uint32_t sub_refresh = 15;
constexpr std::uint32_t tf = 13;

TEST(ProtobufCommand, ReadsAPong) {
  const auto command = command_of(from_hex("00"));
  request_in<Pong>(command);
  EXPECT_EQ(command->id, 0U);
}

TEST(ProtobufCommand, ReadsConnects) {
  EXPECT_EQ(command_of(from_hex("04 08 01 22 00")), Command(1, ConnectRequest()));
  EXPECT_EQ(command_of(from_hex("0d 08 01 22 09 0a 03 61 62 63 22 02 6a 73")),
            Command(1, ConnectRequest{.token = "abc", .data = {}, .name = "js", .version = "", .subs = {}}));
}

TEST(ProtobufCommand, ReadsASubscribe) {
  const auto command =
      command_of(from_hex("19 08 02 2a 15 0a 03 74 65 61 18 01 32 03 78 79 7a 38 ac 02 50 01 58 01 70 03"));
  SubscribeRequest expected;
  expected.channel = "tea";
  expected.recover = true;
  expected.since = {300, "xyz"};
  expected.recoverable = true;
  expected.join_leave = true;
  expected.flag = 3;
  EXPECT_EQ(command, Command(2, expected));
}

TEST(ProtobufCommand, ReadsAPublish) {
  const auto command = command_of(from_hex("12 08 03 3a 0e 0a 03 74 65 61 12 07 7b 22 61 22 3a 31 7d"));
  EXPECT_EQ(command, Command(3, PublishRequest{"tea", {R"({"a":1})", Message::Kind::json}}));
}

TEST(ProtobufCommand, ReadsAHistory) {
  const auto command = command_of(from_hex(
      "1f 08 04 52 1b 0a 03 74 65 61 38 ff ff ff ff ff ff ff ff ff 01 42 07 08 05 12 03 78 79 7a 48 01"));
  EXPECT_EQ(command, Command(4, HistoryRequest{"tea", -1, Position{5, "xyz"}, true}));
}

TEST(ProtobufCommand, ReadsPresenceRpcAndSend) {
  EXPECT_EQ(command_of(from_hex("09 08 05 42 05 0a 03 74 65 61")), Command(5, PresenceRequest{"tea"}));
  EXPECT_EQ(command_of(from_hex("0f 08 06 6a 0b 0a 03 22 78 22 12 04 76 6f 74 65")),
            Command(6, RpcRequest{"vote", {R"("x")"}}));
  EXPECT_EQ(command_of(from_hex("06 62 04 0a 02 7b 7d")), Command(0, SendRequest{{"{}"}}));
}

TEST(ProtobufCommand, ReadsACommandWithoutIdAsAPong) {
  EXPECT_EQ(command_of(from_hex("02 22 00")), Command(0, Pong()));
  EXPECT_EQ(command_of(from_hex("02 08 00")), Command(0, Pong()));
}

TEST(ProtobufCommand, ReadsSeveralCommandsInOrder) {
  const std::string frame = from_hex("00 04 08 01 22 00 09 08 05 42 05 0a 03 74 65 61");
  std::string_view rest = frame;
  request_in<Pong>(*take_command(rest));
  request_in<ConnectRequest>(*take_command(rest));
  request_in<PresenceRequest>(*take_command(rest));
  EXPECT_FALSE(take_command(rest));
}

TEST(ProtobufCommand, ReadsManyEmptyMessages) {
  const std::string frame(65'536, '\0');
  std::string_view rest = frame;
  std::size_t pongs = 0;
  while (const auto command = take_command(rest)) {
    if (*command && std::holds_alternative<Pong>((*command)->request)) ++pongs;
  }
  EXPECT_EQ(pongs, frame.size());
}

TEST(ProtobufCommand, GoesOnAfterABadCommand) {
  const std::string frame = from_hex("03 08 01 ff 09 08 05 42 05 0a 03 74 65 61");
  std::string_view rest = frame;
  EXPECT_FALSE(*take_command(rest));
  request_in<PresenceRequest>(*take_command(rest));
}

TEST(ProtobufCommand, RejectsInvalidLengths) {
  for (const char* const frame : {
           "80",                                   // cut off
           "ff ff ff ff ff ff ff ff ff",           // cut off after nine bytes
           "80 80 80 80 80 80 80 80 80 80 00 00",  // eleven bytes
           "05 08 01 22 00",                       // beyond the end
           "ff ff ff ff ff ff ff ff ff 01 00",     // 2^64 - 1
           "84 80 80 80 10 08 01 22 00",           // 2^32 + 4, of which 32 bits are 4
       }) {
    const std::string bytes = from_hex(frame);
    std::string_view rest = bytes;
    const auto command = take_command(rest);
    ASSERT_TRUE(command && !*command) << frame;
    EXPECT_EQ(command->error().why, "a message with an invalid length") << frame;
    EXPECT_FALSE(command->error().command.id) << frame;
    EXPECT_TRUE(rest.empty()) << frame;
  }
  EXPECT_EQ(command_of(from_hex("84 80 00 08 01 22 00")), Command(1, ConnectRequest())) << "not the shortest";
}

TEST(ProtobufCommand, NamesTheCommandOfAFault) {
  for (const char* const frame : {
           "03 08 05 3a",                                   // no length
           "04 08 05 3a 05",                                // a length beyond the end
           "08 08 05 3a 80 80 80 80 10",                    // a length of 2^32
           "06 08 05 3a 02 12 05",                          // the same one message deeper
           "04 08 05 3a 80",                                // a length that is cut off
           "05 08 05 3b 08 01",                             // a group
           "05 08 05 3a 01 0c",                             // the end of a group
           "05 08 05 3a 01 0e",                             // wire type 6
           "05 08 05 3a 01 02",                             // field 0
           "06 08 05 3a 02 18 80",                          // a number that is cut off
           "08 08 05 3a 04 29 01 02 03",                    // an unknown field that is cut off
           "0e 08 05 82 01 ff ff ff ff ff ff ff ff ff 01",  // an unknown field with a huge length
       }) {
    const auto command = command_of(from_hex(frame));
    ASSERT_FALSE(command) << frame;
    EXPECT_EQ(command.error().command.id, 5U) << frame;
    EXPECT_FALSE(command.error().command.sends) << frame;
    EXPECT_NE(command.error().why.find("not a Protobuf message"), std::string::npos) << command.error().why;
  }
}

TEST(ProtobufCommand, RejectsWrongWireTypes) {
  using M = ProtobufMessage;
  EXPECT_EQ(fault_of(command_of(M().text(1, "5").message(publish, M()))), "the id has the wrong type");
  EXPECT_EQ(fault_of(command_of(M().number(1, 5).number(publish, 1))), "publish has the wrong type");
  EXPECT_EQ(fault_of(command_of(M().number(1, 5).fixed32(publish, 1))), "publish has the wrong type");
  EXPECT_EQ(fault_of(command_with(publish, M().number(1, 1))), "publish: channel has the wrong type");
  EXPECT_EQ(fault_of(command_with(publish, M().fixed64(2, 1))), "publish: data has the wrong type");
  EXPECT_EQ(fault_of(command_with(publish, M().text(3, "a"))), "publish: type has the wrong type");
  EXPECT_EQ(fault_of(command_with(publish, M().number(4, 1))), "publish: key has the wrong type");
  EXPECT_EQ(fault_of(command_with(subscribe, M().text(3, "\1"))), "subscribe: recover has the wrong type");
  EXPECT_EQ(fault_of(command_with(subscribe, M().fixed64(7, 1))), "subscribe: offset has the wrong type");
  EXPECT_EQ(fault_of(command_with(subscribe, M().number(tf, 1))), "subscribe: tf has the wrong type");
  EXPECT_EQ(fault_of(command_with(history, M().number(8, 1))), "history: since has the wrong type");
  EXPECT_EQ(fault_of(command_with(history, M().fixed32(7, 1))), "history: limit has the wrong type");
  EXPECT_EQ(fault_of(command_with(connect, M().number(3, 1))), "connect: subs has the wrong type");
  EXPECT_EQ(fault_of(command_with(connect, M().message(3, M().number(1, 1)))),
            "connect: subs has the wrong type");
  EXPECT_EQ(fault_of(command_with(sub_refresh, M().number(4, 1))), "sub_refresh: track has the wrong type");
}

TEST(ProtobufCommand, RejectsTextThatIsNotUtf8) {
  using M = ProtobufMessage;
  const std::string_view bad = "a\xff";
  EXPECT_EQ(fault_of(command_with(publish, M().text(1, bad))), "publish: channel is not valid UTF-8");
  EXPECT_EQ(fault_of(command_with(connect, M().message(3, M().text(1, bad)))),
            "connect: subs is not valid UTF-8");
  EXPECT_EQ(fault_of(command_with(subscribe, M().message(tf, M().text(5, bad)))),
            "subscribe: tf is not valid UTF-8");
}

TEST(ProtobufCommand, SkipsUnknownFields) {
  const auto unknown = ProtobufMessage().number(100, 1).text(101, "a").fixed32(102, 1).fixed64(103, 1);
  auto request = unknown;
  request.text(1, "tea").raw(unknown.bytes());
  EXPECT_EQ(command_with(publish, request), Command(7, PublishRequest{"tea", {}}));
  auto command = unknown;
  command.number(1, 5).raw(unknown.bytes());
  EXPECT_EQ(fault_of(command_of(command)), "a command without a method");
  EXPECT_EQ(command_of(command).error().command.id, 5U);
}

TEST(ProtobufCommand, KeepsTheBytesOfData) {
  const auto data_of = [](std::string_view data) {
    return request_in<PublishRequest>(command_with(publish, ProtobufMessage().text(2, data))).data;
  };
  EXPECT_EQ(data_of("{\"input\": \"test\"}\n"), Payload("{\"input\": \"test\"}\n", Message::Kind::json));
  EXPECT_EQ(data_of("boom"), Payload("boom", Message::Kind::binary));
  const std::string_view bytes("\0\xff", 2);
  EXPECT_EQ(data_of(bytes), Payload(std::string(bytes), Message::Kind::binary));
  EXPECT_EQ(data_of(""), Payload());
}

TEST(ProtobufCommand, TakesTheLastOfRepeatedScalars) {
  using M = ProtobufMessage;
  const auto request = M().text(1, "a").text(1, "tea").text(2, "1").text(2, "\xff").number(3, 1).number(3, 0);
  const auto command = command_with(publish, request);
  EXPECT_EQ(command, Command(7, PublishRequest{"tea", {"\xff", Message::Kind::binary}}));
  EXPECT_EQ(command_of(M().number(1, 2).message(6, M()).number(1, 3))->id, 3U);
}

TEST(ProtobufCommand, JoinsThePartsOfAMessage) {
  using M = ProtobufMessage;
  const auto command = command_of(M().message(history, M().text(1, "tea").message(8, M().number(1, 5)))
                                      .number(1, 7)
                                      .message(history, M().message(8, M().text(2, "xyz"))));
  EXPECT_EQ(command, Command(7, HistoryRequest{"tea", 0, Position{5, "xyz"}, false}));
}

TEST(ProtobufCommand, TakesTheFirstMethodOfTheSchema) {
  using M = ProtobufMessage;
  const auto command = command_of(M().number(1, 7).message(publish, M()).message(subscribe, M()));
  request_in<SubscribeRequest>(command);
  request_in<PublishRequest>(command_of(M().number(1, 7).message(send, M()).message(publish, M())));
  EXPECT_EQ(fault_of(command_of(M().message(send, M()).message(publish, M()))), "a command without an id");
}

TEST(ProtobufCommand, ReadsLimitsOfAnySize) {
  const auto limit_of = [](std::uint64_t limit) {
    return request_in<HistoryRequest>(command_with(history, ProtobufMessage().number(7, limit))).limit;
  };
  EXPECT_EQ(limit_of(0x7fff'ffff), 0x7fff'ffff);
  EXPECT_EQ(limit_of(0xffff'ffff), -1) << "the sign without its extension";
  EXPECT_EQ(limit_of(~std::uint64_t{0}), -1);
  EXPECT_EQ(limit_of(std::uint64_t{1} << 40), 0);
}

TEST(ProtobufCommand, ReadsAllBitsOfAFlag) {
  const auto command =
      command_with(subscribe, ProtobufMessage().number(14, ~std::uint64_t{0}).number(9, 128));
  EXPECT_EQ(request_in<SubscribeRequest>(command).flag, ~std::uint64_t{0});
  EXPECT_TRUE(request_in<SubscribeRequest>(command).positioned) << "a bool of two bytes";
}

TEST(ProtobufCommand, ReadsSubs) {
  using M = ProtobufMessage;
  const auto news = M().text(1, "news").message(2, M().number(3, 1).text(6, "xyz").number(7, 5).text(1, "x"));
  const auto command = command_with(
      connect, M().message(3, news).message(3, M().text(1, "tea")).message(3, M().message(2, M())));
  const auto subs = request_in<ConnectRequest>(command).subs;
  EXPECT_EQ(subs.size(), 3U);
  EXPECT_EQ(subs.at("news"), RecoverRequest(true, {5, "xyz"}));
  EXPECT_EQ(subs.at("tea"), RecoverRequest());
  EXPECT_EQ(subs.at(""), RecoverRequest());
}

TEST(ProtobufCommand, LimitsSubs) {
  const auto with_subs = [](int count) {
    ProtobufMessage request;
    for (int index = 0; index != count; ++index)
      request.message(3, ProtobufMessage().text(1, std::to_string(index)));
    request.message(3, ProtobufMessage().text(1, "0"));  // no further channel
    return command_with(connect, request);
  };
  EXPECT_EQ(request_in<ConnectRequest>(with_subs(1000)).subs.size(), 1000U);
  EXPECT_EQ(request_in<ConnectRequest>(with_subs(max_recover_requests)).subs.size(), max_recover_requests);
  EXPECT_EQ(fault_of(with_subs(max_recover_requests + 1)), "connect: subs has too many channels");
  EXPECT_EQ(fault_of(with_subs(2000)), "connect: subs has too many channels");
}

TEST(ProtobufCommand, ReadsFilters) {
  using M = ProtobufMessage;
  const auto node = M().text(2, "lang").text(3, "in").text(5, "en").text(5, "de");
  const auto command =
      command_with(subscribe, M().message(tf, M().text(1, "not").message(6, node)).text(1, "tea"));
  const FilterNode inner{.op = "", .key = "lang", .cmp = "in", .val = "", .vals = {"en", "de"}, .nodes = {}};
  const auto filter = request_in<SubscribeRequest>(command).filter;
  EXPECT_EQ(filter, FilterNode("not", "", "", "", {}, {inner}));
}

TEST(ProtobufCommand, LimitsFilters) {
  const auto deep = [](std::size_t depth) {
    ProtobufMessage node;
    for (std::size_t level = 1; level < depth; ++level) node = ProtobufMessage().message(6, node);
    return command_with(subscribe, ProtobufMessage().message(tf, node));
  };
  EXPECT_EQ(fault_of(deep(deepest_filter)), "none");
  EXPECT_EQ(fault_of(deep(deepest_filter + 1)), "subscribe: tf is too large");
  EXPECT_EQ(fault_of(deep(1000)), "subscribe: tf is too large");
  const auto wide = [](std::size_t nodes) {
    ProtobufMessage node;
    for (std::size_t index = 1; index < nodes; ++index) node.text(6, "");
    return command_with(subscribe, ProtobufMessage().message(tf, node));
  };
  EXPECT_EQ(fault_of(wide(most_filter_nodes)), "none");
  EXPECT_EQ(fault_of(wide(most_filter_nodes + 1)), "subscribe: tf is too large");
  EXPECT_EQ(fault_of(wide(100'000)), "subscribe: tf is too large");
}

TEST(ProtobufCommand, NamesUnsupportedFields) {
  using M = ProtobufMessage;
  const auto unsupported = [](std::uint32_t method, const ProtobufMessage& request) {
    return std::string(command_with(method, request).value().unsupported);
  };
  EXPECT_EQ(unsupported(subscribe, M().number(15, 1)), "type");
  EXPECT_EQ(unsupported(subscribe, M().number(15, 0)), "");
  EXPECT_EQ(unsupported(publish, M().number(3, 1)), "type");
  EXPECT_EQ(unsupported(publish, M().text(4, "k")), "key");
  EXPECT_EQ(unsupported(publish, M().number(5, 1)), "removed");
  EXPECT_EQ(unsupported(publish, M().number(3, 0).text(4, "").number(5, 0)), "");
  EXPECT_EQ(unsupported(sub_refresh, M().number(3, 1)), "type");
  EXPECT_EQ(unsupported(sub_refresh, M().message(4, M())), "track");
  EXPECT_EQ(unsupported(sub_refresh, M().text(5, "")), "untrack");
}

TEST(ProtobufCommand, SurvivesEveryCutAndEveryByte) {
  const std::string frame =
      from_hex("19 08 02 2a 15 0a 03 74 65 61 18 01 32 03 78 79 7a 38 ac 02 50 01 58 01 70 03");
  for (std::size_t size = 1; size != frame.size(); ++size) EXPECT_FALSE(command_of(frame.substr(0, size)));
  for (std::size_t at = 0; at != frame.size(); ++at) {
    for (int byte = 0; byte != 256; ++byte) {
      std::string changed = frame;
      changed[at] = static_cast<char>(byte);
      std::string_view rest = changed;
      std::size_t before = rest.size() + 1;
      while (take_command(rest)) {
        ASSERT_LT(rest.size(), before);
        before = rest.size();
      }
    }
  }
}

}  // namespace
}  // namespace coroom::detail::centrifuge::protobuf
