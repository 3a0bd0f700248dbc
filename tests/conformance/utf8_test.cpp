// UTF-8 in text: RFC 6455 sections 5.6 and 8.1, and RFC 3629.

#include "conformance/echo.hpp"
#include "conformance/exchange.hpp"

namespace coroom::test {
namespace {

// Code points at the limits of each length, and next to invalid ones.
const std::vector<std::string> valid = {std::string("\0", 1),
                                        "\x01",
                                        "\x7f",  // U+0000, U+0001, U+007F
                                        "\xc2\x80",
                                        "\xc3\xa9",
                                        "\xdf\xbf",  // U+0080, U+00E9, U+07FF
                                        "\xe0\xa0\x80",
                                        "\xe1\x80\x80",  // U+0800, U+1000
                                        "\xe2\x82\xac",
                                        "\xec\xbf\xbf",  // U+20AC, U+CFFF
                                        "\xed\x80\x80",
                                        "\xed\x9f\xbf",  // U+D000, U+D7FF
                                        "\xee\x80\x80",
                                        "\xef\xb7\x90",  // U+E000, U+FDD0
                                        "\xef\xb7\xaf",
                                        "\xef\xbb\xbf",  // U+FDEF, U+FEFF
                                        "\xef\xbf\xbd",
                                        "\xef\xbf\xbe",  // U+FFFD, U+FFFE
                                        "\xef\xbf\xbf",  // U+FFFF
                                        "\xf0\x90\x80\x80",
                                        "\xf0\x9f\xbf\xbe",  // U+10000, U+1FFFE
                                        "\xf0\x9f\xbf\xbf",
                                        "\xf0\xaf\xbf\xbf",  // U+1FFFF, U+2FFFF
                                        "\xf1\x80\x80\x80",
                                        "\xf3\xbf\xbf\xbf",  // U+40000, U+FFFFF
                                        "\xf4\x80\x80\x80",
                                        "\xf4\x8f\xbf\xbe",                              // U+100000, U+10FFFE
                                        "\xf4\x8f\xbf\xbf",                              // U+10FFFF
                                        "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5",  // a Greek word
                                        "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x91\x8bz"};

const std::vector<std::string> invalid = {
    // Continuation bytes without a first byte.
    "\x80", "\xbf", "\x80\xbf", "\x80\xbf\x80", "\x80\xbf\x80\xbf", "\x80\xbf\x80\xbf\x80", "\xc3\xa9\x80",
    "\xe2\x82\xac\x80", "\xf0\x9f\x91\x8b\xbf",
    // Incomplete characters.
    "\xc2", "\xdf", "\xe0", "\xe0\xa0", "\xef", "\xef\xbf", "\xf0", "\xf0\x90", "\xf0\x90\x80", "\xf4",
    "\xf4\x8f", "\xf4\x8f\xbf", "\xc2\xc2", "\xe2\x82\xe2\x82", "\xf0\x9f\x91\xf0\x9f\x91",
    // Incomplete characters, then others.
    "\xc2 ", "\xe0 ", "\xe0\xa0 ", "\xef\xbf ", "\xf0 ", "\xf0\x90 ", "\xf0\x90\x80 ", "\xc2\x7f",
    "\xe2\x82\x7f", "\xf0\x9f\x91\x7f", "\xc2\xc0", "\xe2\x82\xc0", "\xe2\xc0\x80", "\xf0\x9f\xc0\x80",
    // Bytes that never occur in UTF-8.
    "\xc0", "\xc1", "\xf5", "\xf6", "\xf7", "\xf8", "\xf9", "\xfa", "\xfb", "\xfc", "\xfd", "\xfe", "\xff",
    "\xfe\xfe\xff\xff",
    // Overlong forms.
    "\xc0\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x80\xaf", "\xe0\x9f\xbf", "\xf0\x80\x80\x80",
    "\xf0\x80\x80\xaf", "\xf0\x8f\xbf\xbf", "\xf8\x80\x80\x80\x80", "\xf8\x80\x80\x80\xaf",
    "\xf8\x87\xbf\xbf\xbf", "\xfc\x80\x80\x80\x80\x80", "\xfc\x80\x80\x80\x80\xaf",
    "\xfc\x83\xbf\xbf\xbf\xbf",
    // Above U+10FFFF.
    "\xf4\x90\x80\x80", "\xf4\xbf\xbf\xbf", "\xf5\x80\x80\x80", "\xf7\xbf\xbf\xbf", "\xf8\x88\x80\x80\x80",
    "\xfb\xbf\xbf\xbf\xbf", "\xfc\x84\x80\x80\x80\x80", "\xfd\xbf\xbf\xbf\xbf\xbf",
    // Surrogates, alone and in pairs.
    "\xed\xa0\x80", "\xed\xad\xbf", "\xed\xae\x80", "\xed\xaf\xbf", "\xed\xb0\x80", "\xed\xbe\x80",
    "\xed\xbf\xbf", "\xed\xa0\x80\xed\xb0\x80", "\xed\xa0\x80\xed\xbf\xbf", "\xed\xad\xbf\xed\xb0\x80",
    "\xed\xaf\xbf\xed\xbf\xbf"};

class Utf8Text : public testing::TestWithParam<Delivered> {};

TEST_P(Utf8Text, FollowsStandard) {
  play(GetParam().first, GetParam().second);
}

/// Enough text surrounds the bytes for a validator that reads many bytes at a time.
std::string inside(const std::string& bytes) {
  return "some text that is longer than sixteen bytes" + bytes + "and more of it behind";
}

std::vector<Exchange> texts() {
  std::vector<Exchange> all;
  for (const std::string& text : valid) {
    const std::string name = hex(text);
    all.push_back({"S5_6", "Valid" + name, masked_frame(first::text, text), {{opcode::text, text}}});
    all.push_back({"S5_6",
                   "Valid" + name + "Inside",
                   masked_frame(first::text, inside(text)),
                   {{opcode::text, inside(text)}}});
    for (std::size_t cut = 0; cut <= text.size(); ++cut)
      all.push_back({"S5_6",
                     "Valid" + name + "InFragmentsAt" + std::to_string(cut),
                     fragmented({text.substr(0, cut), text.substr(cut)}),
                     {{opcode::text, text}}});
    std::vector<std::string> bytes;
    for (const char& byte : text) bytes.emplace_back(1, byte);
    all.push_back({"S5_6", "Valid" + name + "InFragmentsOfAByte", fragmented(bytes), {{opcode::text, text}}});
  }
  for (const std::string& text : invalid) {
    const std::string name = hex(text);
    all.push_back({"S8_1", "Invalid" + name, masked_frame(first::text, text), {}, 1007});
    all.push_back({"S8_1", "Invalid" + name + "Inside", masked_frame(first::text, inside(text)), {}, 1007});
    all.push_back({"S8_1",
                   "Invalid" + name + "BehindAMessage",
                   masked_frame(first::text, "m") + masked_frame(first::text, text),
                   {{opcode::text, "m"}},
                   1007});
    for (std::size_t cut = 0; cut <= text.size(); ++cut)
      all.push_back({"S8_1",
                     "Invalid" + name + "InFragmentsAt" + std::to_string(cut),
                     fragmented({text.substr(0, cut), text.substr(cut)}),
                     {},
                     1007});
    all.push_back({"S5_6", "Binary" + name, masked_frame(first::binary, text), {{opcode::binary, text}}});
    all.push_back({"S5_6",
                   "BinaryInFragments" + name,
                   fragmented({text, text}, first::binary_begins),
                   {{opcode::binary, text + text}}});
  }
  // A character may not extend over two messages.
  all.push_back({"S8_1",
                 "CharacterOverTwoMessages",
                 masked_frame(first::text, "\xe2\x82") + masked_frame(first::text, "\xac"),
                 {},
                 1007});
  all.push_back({"S8_1",
                 "PingInsideACharacter",
                 masked_frame(first::text_begins, "\xe2\x82") + masked_frame(first::ping, "p") +
                     masked_frame(first::ends, "\xac"),
                 {{opcode::pong, "p"}, {opcode::text, "\xe2\x82\xac"}}});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Rfc6455, Utf8Text, testing::ValuesIn(delivered(texts())), name_of);

class Utf8TextInParts : public testing::TestWithParam<std::string> {};

TEST_P(Utf8TextInParts, IsReadIfCutInCharacter) {
  const std::string frame = masked_frame(first::text, GetParam());
  EchoClient client;
  for (std::size_t cut = frame.size() - GetParam().size(); cut != frame.size(); ++cut) {
    // The pong proves that the server has read the earlier bytes.
    client.send_raw(masked_frame(first::ping, "") + frame.substr(0, cut));
    EXPECT_EQ(client.read().opcode, opcode::pong);
    client.send_raw(frame.substr(cut));
    EXPECT_EQ(client.read_text(), GetParam());
  }
  expect_open(client);
}

INSTANTIATE_TEST_SUITE_P(Rfc6455, Utf8TextInParts, testing::ValuesIn(valid),
                         [](const auto& test) { return "S8_1_" + hex(test.param); });

}  // namespace
}  // namespace coroom::test
