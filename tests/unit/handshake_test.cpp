#include "websocket/handshake.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coroom::detail::websocket {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

std::optional<int> window_for(std::string_view extensions) {
  const auto agreed = agree(extensions, CompressionOptions());
  return agreed ? std::optional<int>(agreed->to_client.window_bits) : std::nullopt;
}

TEST(Handshake, MatchesTheExampleOfTheRfc) {
  Handshake handshake;
  handshake.key = "dGhlIHNhbXBsZSBub25jZQ==";  // RFC 6455 section 1.3
  handshake.answer = {{"Sec-WebSocket-Protocol", "chat"}};
  const std::string answer = switching_protocols(handshake, std::nullopt);
  EXPECT_THAT(answer, testing::StartsWith("HTTP/1.1 101 Switching Protocols\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\nUpgrade: websocket\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\nConnection: Upgrade\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\nSec-WebSocket-Protocol: chat\r\n\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("Extensions")));
}

TEST(Handshake, AcceptsTheFirstSupportedOffer) {
  EXPECT_EQ(window_for("permessage-deflate"), 15);
  EXPECT_EQ(window_for("permessage-deflate; client_max_window_bits"), 15);
  EXPECT_EQ(window_for("Permessage-Deflate; client_max_window_bits=8; server_max_window_bits=10"), 10);
  EXPECT_EQ(window_for("permessage-deflate; server_max_window_bits=\"12\"; server_no_context_takeover"), 12);
  EXPECT_EQ(window_for("x-webkit-deflate-frame, permessage-deflate; server_max_window_bits=8, "
                       "permessage-deflate; server_max_window_bits=9"),
            9);
}

TEST(Handshake, DeclinesUnknownParameters) {
  for (const char* offer :
       {"", "deflate", "permessage-deflate; server_max_window_bits=8",
        "permessage-deflate; server_max_window_bits", "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=x", "permessage-deflate; server_max_window_bits=010",
        "permessage-deflate; client_max_window_bits=010", "permessage-deflate; unknown",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover"}) {
    EXPECT_EQ(window_for(offer), std::nullopt) << offer;
  }
}

TEST(Handshake, ConfirmsTheAgreedParameters) {
  const auto answer_to = [](std::string_view offer) {
    const std::string answer = switching_protocols(Handshake(), agree(offer, CompressionOptions()));
    const std::size_t begin = answer.find("permessage-deflate");
    return answer.substr(begin, answer.find('\r', begin) - begin);
  };
  const std::string always = "permessage-deflate; server_no_context_takeover";
  EXPECT_EQ(answer_to("permessage-deflate; client_max_window_bits"), always);
  EXPECT_EQ(answer_to("permessage-deflate; client_no_context_takeover"),
            always + "; client_no_context_takeover");
  EXPECT_EQ(answer_to("permessage-deflate; server_max_window_bits=9"), always + "; server_max_window_bits=9");
  EXPECT_EQ(answer_to("permessage-deflate; server_max_window_bits=15"),
            always + "; server_max_window_bits=15");
}

}  // namespace
}  // namespace coroom::detail::websocket
