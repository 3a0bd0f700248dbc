// The negotiation of permessage-deflate: RFC 7692 sections 5 and 7.1.

#include "conformance/deflate.hpp"
#include "conformance/echo.hpp"
#include "conformance/exchange.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include <optional>

namespace coroom::test {
namespace {

/// An offer, and the expected response. Empty if there is none.
struct Offer {
  std::string section;
  std::string name;
  std::string offer;
  std::string answer;
};

void PrintTo(const Offer& offer, std::ostream* out) {
  *out << offer.section << ' ' << offer.offer;
}

class Negotiation : public testing::TestWithParam<Offer> {};

int number_behind(const std::string& text, const std::string& parameter, int otherwise) {
  const std::size_t begin = text.find(parameter + "=");
  return begin == std::string::npos ? otherwise : std::stoi(text.substr(begin + parameter.size() + 1));
}

TEST_P(Negotiation, FollowsStandard) {
  EchoClient client("Sec-WebSocket-Extensions: " + GetParam().offer + "\r\n");
  const std::string agreed = field_of(client.answer(), "Sec-WebSocket-Extensions");
  EXPECT_EQ(agreed, GetParam().answer);

  // Random letters that repeat at a distance beyond narrow windows.
  std::string text;
  for (unsigned number = 1; text.size() < 3000; number = number * 1664525U + 1013904223U)
    text.push_back(static_cast<char>('a' + (number >> 24U) % 26));
  for (const int times : {1, 2, 3}) {
    text += text.substr(0, 1000);
    if (agreed.empty()) {
      client.send_text(text);
    } else {
      client.send_raw(masked_frame(first::text | 0x40U, ZlibDeflater().message(text)));
    }
    const Frame echoed = client.read();
    EXPECT_EQ(echoed.opcode, opcode::text);
    EXPECT_EQ(echoed.compressed, !agreed.empty()) << times;
    const int window = number_behind(agreed, "server_max_window_bits", 15);
    EXPECT_EQ(echoed.compressed ? inflated(echoed.payload, window) : echoed.payload, text);
  }
  expect_open(client);
}

std::string name_of_offer(const testing::TestParamInfo<Offer>& test) {
  return test.param.section + "_" + test.param.name;
}

std::string parameter(const std::string& name, const std::string& value) {
  if (value == "none") return "";
  return "; " + name + (value.empty() ? "" : "=" + value);
}

/// All windows of both sides, with and without context takeover. zlib can't deflate with a window of 8 bits.
/// The client may use any window, as the server inflates with the widest.
std::vector<Offer> combinations() {
  std::vector<Offer> all;
  for (const char* server : {"none", "8", "9", "10", "11", "12", "13", "14", "15"}) {
    for (const char* client : {"none", "", "8", "9", "10", "11", "12", "13", "14", "15"}) {
      for (const bool server_forgets : {false, true}) {
        for (const bool client_forgets : {false, true}) {
          std::string offer = "permessage-deflate";
          offer += parameter("server_no_context_takeover", server_forgets ? "" : "none");
          offer += parameter("client_no_context_takeover", client_forgets ? "" : "none");
          offer += parameter("server_max_window_bits", server);
          offer += parameter("client_max_window_bits", client);
          std::string answer = "permessage-deflate; server_no_context_takeover";
          answer += parameter("client_no_context_takeover", client_forgets ? "" : "none");
          answer += parameter("server_max_window_bits", server);
          if (std::string_view(server) == "8") answer.clear();
          all.push_back({"S7_1",
                         std::string("Server") + server + (server_forgets ? "Forgets" : "") + "Client" +
                             (*client == '\0' ? "any" : client) + (client_forgets ? "Forgets" : ""),
                         offer, answer});
        }
      }
    }
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Rfc7692Combinations, Negotiation, testing::ValuesIn(combinations()), name_of_offer);

std::vector<Offer> oddities() {
  const std::string good = "permessage-deflate";
  const std::string answer = "permessage-deflate; server_no_context_takeover";
  std::vector<Offer> all = {
      {"S5_1", "Plain", good, answer},
      {"S5_1", "InCapitals", "PERMESSAGE-DEFLATE", answer},
      {"S5_1", "ParametersInCapitals", good + "; SERVER_MAX_WINDOW_BITS=10",
       answer + "; server_max_window_bits=10"},
      {"S5_1", "WithoutSpace", good + ";server_max_window_bits=10;client_no_context_takeover",
       answer + "; client_no_context_takeover; server_max_window_bits=10"},
      {"S5_1", "Quoted", good + "; server_max_window_bits=\"10\"", answer + "; server_max_window_bits=10"},
      {"S5_1", "QuotedAndEscaped", good + R"(; server_max_window_bits="\1\0")",
       answer + "; server_max_window_bits=10"},
      {"S5_1", "ClientQuoted", good + "; client_max_window_bits=\"10\"", answer},
      {"S5_1", "UnknownExtensionFirst", "x-webkit-deflate-frame, " + good, answer},
      {"S5_1", "UnknownExtensionLast", good + ", foo; bar", answer},
      {"S5_1", "AnotherCompression", "permessage-bzip2", ""},
      {"S5_1", "NameIsLonger", "permessage-deflate2", ""},
      {"S5_1", "NameIsShorter", "permessage", ""},
      {"S5_1", "OverTwoLines", "foo\r\nSec-WebSocket-Extensions: " + good, answer},
      {"S5_1", "FirstOfTwoLines", good + "; server_max_window_bits=12\r\nSec-WebSocket-Extensions: " + good,
       answer + "; server_max_window_bits=12"},
      {"S5_1", "FirstOfTwoOffers", good + "; server_max_window_bits=12, " + good,
       answer + "; server_max_window_bits=12"},
      {"S5_1", "TwoEqualOffers", good + ", " + good, answer},
      {"S7_1", "FallbackFromAnUnknownParameter", good + "; unknown, " + good, answer},
      {"S7_1", "FallbackFromAWindow",
       good + "; server_max_window_bits=8, " + good + "; server_max_window_bits=9",
       answer + "; server_max_window_bits=9"},
      {"S7_1", "FallbackOverTwoLines", good + "; unknown\r\nSec-WebSocket-Extensions: " + good, answer},
      {"S7_1", "FallbackToTheThird",
       good + "; unknown, " + good + "; x=1, " + good + "; client_no_context_takeover",
       answer + "; client_no_context_takeover"},
      {"S7_1", "NoFallbackThatWorks", good + "; unknown, " + good + "; server_max_window_bits=8", ""},
      {"S7_1", "UnknownParameter", good + "; unknown", ""},
      {"S7_1", "UnknownParameterWithAValue", good + "; unknown=1", ""},
      {"S7_1", "UnknownParameterBehindGoodOnes", good + "; client_max_window_bits; unknown", ""},
  };
  for (const char* name : {"server_no_context_takeover", "client_no_context_takeover"}) {
    const std::string side = boost::algorithm::starts_with(name, "server") ? "Server" : "Client";
    const std::string offer = good + "; " + name;
    const std::string section = side == "Server" ? "S7_1_1_1" : "S7_1_1_2";
    all.push_back({section, side + "Twice", offer + "; " + name, ""});
    all.push_back({section, side + "WithAValue", offer + "=1", ""});
    all.push_back({section, side + "WithAWord", offer + "=true", ""});
    all.push_back({section, side + "WithAQuotedValue", offer + "=\"1\"", ""});
  }
  for (const char* name : {"server_max_window_bits", "client_max_window_bits"}) {
    const bool server = boost::algorithm::starts_with(name, "server");
    const std::string side = server ? "Server" : "Client";
    const std::string section = server ? "S7_1_2_1" : "S7_1_2_2";
    const std::string offer = good + "; " + name;
    int number = 0;
    for (const char* value :
         {"0",   "1",   "6",   "7",   "16",  "17",  "32",  "100", "255",        "08",     "09",
          "010", "015", "0xf", "-10", "+10", "1.0", "10x", "ten", "4294967306", "\"16\"", "\"010\""})
      all.push_back({section, side + "Wrong" + std::to_string(number++), offer + "=" + value, ""});
    all.push_back({section, side + "Twice", offer + "=10; " + name + "=10", ""});
    all.push_back({section, side + "TwiceDifferent", offer + "=10; " + name + "=11", ""});
    all.push_back({section, side + "TwiceInOtherLetters",
                   offer + "=10; " + (server ? "Server_Max_Window_Bits" : "Client_Max_Window_Bits") + "=10",
                   ""});
  }
  all.push_back({"S7_1_2_1", "ServerWithoutAValue", good + "; server_max_window_bits", ""});
  all.push_back({"S7_1_2_2", "ClientTwiceOnceWithoutAValue",
                 good + "; client_max_window_bits; client_max_window_bits=10", ""});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Rfc7692, Negotiation, testing::ValuesIn(oddities()), name_of_offer);

TEST(Rfc7692S5_1Negotiation, RequiresOffer) {
  EchoClient client;
  EXPECT_EQ(field_of(client.answer(), "Sec-WebSocket-Extensions"), "");
  client.send_text(std::string(10'000, 'x'));
  EXPECT_FALSE(client.read().compressed);
}

}  // namespace
}  // namespace coroom::test
