// The opening handshake: RFC 6455 sections 4 and 11.3, with the rules of RFC 9110 and RFC 9112 for its
// request.

#include "conformance/echo.hpp"

#include <boost/algorithm/string/replace.hpp>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace coroom::test {
namespace {

/// A request and the expected status.
struct HandshakeCase {
  std::string section;
  std::string name;
  std::string request;
  int status = 101;
};

void PrintTo(const HandshakeCase& handshake, std::ostream* out) {
  *out << handshake.section << ' ' << handshake.name;
}

std::string name_of_handshake(const testing::TestParamInfo<HandshakeCase>& test) {
  return test.param.section + "_" + test.param.name;
}

/// Returns the valid request with one part replaced.
std::string with(const std::string& part, const std::string& by) {
  std::string request = good_request();
  if (request.find(part) == std::string::npos) throw std::logic_error("nothing to replace: " + part);
  boost::algorithm::replace_first(request, part, by);
  return request;
}

std::string key(const std::string& key) {
  return with("dGhlIHNhbXBsZSBub25jZQ==", key);
}

std::string extensions(const std::string& value) {
  return good_request("Sec-WebSocket-Extensions: " + value + "\r\n");
}

constexpr const char* host = "Host: localhost\r\n";
constexpr const char* connection = "Connection: Upgrade\r\n";
constexpr const char* upgrade = "Upgrade: websocket\r\n";
constexpr const char* version = "Sec-WebSocket-Version: 13\r\n";
constexpr const char* key_line = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

class OpeningHandshake : public testing::TestWithParam<HandshakeCase> {};

TEST_P(OpeningHandshake, FollowsStandard) {
  const std::string head = answer_to(GetParam().request);
  EXPECT_EQ(status_of(head), GetParam().status) << head;
  if (status_of(head) == 101) {
    EXPECT_EQ(field_of(head, "Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    EXPECT_EQ(field_of(head, "Upgrade"), "websocket");
    EXPECT_EQ(field_of(head, "Connection"), "Upgrade");
    EXPECT_EQ(field_of(head, "Sec-WebSocket-Protocol"), "");
    EXPECT_EQ(field_of(head, "Content-Length"), "");  // RFC 9110 section 8.6
    EXPECT_EQ(field_of(head, "Transfer-Encoding"), "");
  } else {
    EXPECT_EQ(field_of(head, "Sec-WebSocket-Accept"), "");
  }
}

class OpeningHandshakeByteByByte : public testing::TestWithParam<HandshakeCase> {};

TEST_P(OpeningHandshakeByteByByte, FollowsStandard) {
  TcpClient tcp(echo_port(), echo_settings());
  try {
    for (const char& byte : GetParam().request) tcp.send({&byte, 1});
  } catch (const std::runtime_error&) {
    if (GetParam().status == 101) throw;  // after a rejection the server may have closed
  }
  EXPECT_EQ(status_of(tcp.read_until("\r\n\r\n")), GetParam().status);
}

/// Returns the requests that are short enough to be sent byte by byte.
std::vector<HandshakeCase> short_ones(std::vector<HandshakeCase> handshakes) {
  std::erase_if(handshakes, [](const HandshakeCase& handshake) { return handshake.request.size() > 2000; });
  return handshakes;
}

std::vector<HandshakeCase> requests() {
  std::vector<HandshakeCase> all = {
      {"S4_1", "Good", good_request()},
      {"S4_1", "LibraryOfTheTests", upgrade_request(80, "/echo")},

      // The request line.
      {"S4_1_1", "AbsoluteTarget", with("GET /echo", "GET http://localhost/echo")},
      {"S4_1_1", "AbsoluteTargetOfWs", with("GET /echo", "GET ws://localhost/echo")},
      {"S4_1_1", "Query", with("/echo", "/echo?a=1&b=%20")},
      {"S4_1_1", "NoSuchPath", with("/echo", "/nothing"), 404},
      {"S3", "Fragment", with("/echo", "/echo#fragment"), 400},
      {"S4_1_2", "Http10", with("HTTP/1.1", "HTTP/1.0"), 400},
      {"S4_1_2", "Http09", with(" HTTP/1.1", ""), 400},
      {"S4_1_2", "Http20", with("HTTP/1.1", "HTTP/2.0"), 505},
      {"S4_1_2", "VersionIsNone", with("HTTP/1.1", "HTTP/x.y"), 505},
      {"S4_1_2", "VersionInSmallLetters", with("HTTP/1.1", "http/1.1"), 505},

      // Host.
      {"S4_1_4", "HostWithPort", with(host, "Host: localhost:80\r\n")},
      {"S4_1_4", "HostOfIpv6", with(host, "Host: [::1]:80\r\n")},
      {"S4_1_4", "HostInSmallLetters", with(host, "host:localhost\r\n")},
      {"S4_1_4", "NoHost", with(host, ""), 400},
      {"S4_1_4", "TwoHosts", with(host, "Host: localhost\r\nHost: localhost\r\n"), 400},
      {"S4_1_4", "HostWithSpace", with(host, "Host: local host\r\n"), 400},
      {"S4_1_4", "HostWithPath", with(host, "Host: localhost/echo\r\n"), 400},
      {"S4_1_4", "HostWithUser", with(host, "Host: user@localhost\r\n"), 400},
      {"S4_1_4", "HostWithWrongPort", with(host, "Host: localhost:port\r\n"), 400},
      {"S4_1_4", "HostList", with(host, "Host: localhost, localhost\r\n"), 400},

      // Upgrade.
      {"S4_1_5", "UpgradeInCapitals", with(upgrade, "UPGRADE: WEBSOCKET\r\n")},
      {"S4_1_5", "UpgradeInMixedLetters", with(upgrade, "uPGRADE: WebSocket\r\n")},
      {"S4_1_5", "UpgradeInAList", with(upgrade, "Upgrade: h2c, websocket\r\n")},
      {"S4_1_5", "UpgradeFirstOfAList", with(upgrade, "Upgrade: websocket,h2c\r\n")},
      {"S4_1_5", "UpgradeOverTwoLines", with(upgrade, "Upgrade: h2c\r\nUpgrade: websocket\r\n")},
      {"S4_1_5", "UpgradeWithEmptyElements", with(upgrade, "Upgrade: , websocket ,,\r\n")},
      {"S4_1_5", "UpgradeWithSpaceAround", with(upgrade, "Upgrade:\t websocket \t\r\n")},
      {"S4_1_5", "UpgradeWithoutSpace", with(upgrade, "Upgrade:websocket\r\n")},
      {"S4_1_5", "NoUpgrade", with(upgrade, ""), 400},
      {"S4_1_5", "EmptyUpgrade", with(upgrade, "Upgrade:\r\n"), 400},
      {"S4_1_5", "UpgradeToSomethingElse", with(upgrade, "Upgrade: h2c\r\n"), 400},
      {"S4_1_5", "UpgradeIsLonger", with(upgrade, "Upgrade: websockets\r\n"), 400},
      {"S4_1_5", "UpgradeIsShorter", with(upgrade, "Upgrade: websocke\r\n"), 400},
      {"S4_1_5", "UpgradeOfTwoWords", with(upgrade, "Upgrade: web socket\r\n"), 400},

      // Connection.
      {"S4_1_6", "ConnectionInCapitals", with(connection, "CONNECTION: UPGRADE\r\n")},
      {"S4_1_6", "ConnectionInSmallLetters", with(connection, "connection: upgrade\r\n")},
      {"S4_1_6", "ConnectionInAList", with(connection, "Connection: keep-alive, Upgrade\r\n")},
      {"S4_1_6", "ConnectionFirstOfAList", with(connection, "Connection: Upgrade,keep-alive\r\n")},
      {"S4_1_6", "ConnectionWithTabs", with(connection, "Connection: keep-alive\t,\tUpgrade\r\n")},
      {"S4_1_6", "ConnectionOverTwoLines",
       with(connection, "Connection: keep-alive\r\nConnection: Upgrade\r\n")},
      {"S4_1_6", "ConnectionWithEmptyElements", with(connection, "Connection: ,,Upgrade,\r\n")},
      {"S4_1_6", "NoConnection", with(connection, ""), 400},
      {"S4_1_6", "EmptyConnection", with(connection, "Connection:\r\n"), 400},
      {"S4_1_6", "ConnectionSaysClose", with(connection, "Connection: close\r\n"), 400},
      {"S4_1_6", "ConnectionIsLonger", with(connection, "Connection: Upgraded\r\n"), 400},
      {"S4_1_6", "NeitherOfBoth", with("Connection: Upgrade\r\nUpgrade: websocket\r\n", ""), 400},

      // Sec-WebSocket-Key.
      {"S4_1_7", "NoKey", with(key_line, ""), 400},
      {"S4_1_7", "EmptyKey", key(""), 400},
      {"S4_1_7", "KeyOf15Bytes", key("dGhlIHNhbXBsZSBub25j"), 400},
      {"S4_1_7", "KeyOf17Bytes", key("dGhlIHNhbXBsZSBub25jZSE="), 400},
      {"S4_1_7", "KeyOf18Bytes", key("dGhlIHNhbXBsZSBub25jZSEh"), 400},
      {"S4_1_7", "KeyWithoutPadding", key("dGhlIHNhbXBsZSBub25jZQ"), 400},
      {"S4_1_7", "KeyWithHalfItsPadding", key("dGhlIHNhbXBsZSBub25jZQ="), 400},
      {"S4_1_7", "KeyWithTooMuchPadding", key("dGhlIHNhbXBsZSBub25jZQ==="), 400},
      {"S4_1_7", "KeyInAnotherAlphabet", key("dGhlIHNhbXBsZSBub25j-_=="), 400},
      {"S4_1_7", "KeyWithSpaceInside", key("dGhlIHNhbXBs ZSBub25jZ=="), 400},
      {"S4_1_7", "KeyWithPaddingInside", key("dGhlIHNhbXBsZSBub=5jZQ=="), 400},
      {"S4_1_7", "KeyInQuotes", key("\"dGhlIHNhbXBsZSBub25jZQ==\""), 400},
      {"S4_1_7", "KeyWithSpaceAround", key(" \tdGhlIHNhbXBsZSBub25jZQ== ")},
      {"S11_3_1", "TwoKeys", good_request(key_line), 400},
      {"S11_3_1", "TwoDifferentKeys", good_request("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"), 400},
      {"S11_3_1", "AListOfKeys", key("dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ=="), 400},

      // Sec-WebSocket-Version.
      {"S4_1_9", "NoVersion", with(version, ""), 426},
      {"S4_4", "EmptyVersion", with("Version: 13", "Version:"), 426},
      {"S4_4", "AListOfVersions", with("Version: 13", "Version: 13, 8"), 426},
      {"S11_3_5", "TwoVersions", good_request(version), 400},
      {"S11_3_5", "TwoDifferentVersions", good_request("Sec-WebSocket-Version: 8\r\n"), 400},

      // Sec-WebSocket-Protocol: the echo supports none, so it selects none.
      {"S4_1_10", "Subprotocol", good_request("Sec-WebSocket-Protocol: chat\r\n")},
      {"S4_1_10", "Subprotocols", good_request("Sec-WebSocket-Protocol: chat, superchat\r\n")},
      {"S4_1_10", "SubprotocolsOverTwoLines",
       good_request("Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: superchat\r\n")},

      // Sec-WebSocket-Extensions: a malformed list fails, an unknown extension is ignored.
      {"S9_1", "UnknownExtension", extensions("x-unknown")},
      {"S9_1", "UnknownExtensions", extensions("foo, bar; baz=2")},
      {"S9_1", "ParameterInQuotes", extensions("foo; bar=\"baz\"")},
      {"S9_1", "ParameterInQuotesEscaped", extensions("foo; bar=\"b\\az\"")},
      {"S9_1", "EmptyElements", extensions(", foo,, bar ,")},
      {"S9_1", "ExtensionsWithoutSpace", extensions("foo;a;b=1,bar;c=\"2\"")},
      {"S9_1", "ExtensionsWithTabs", extensions("foo\t;\ta\t=\t1\t,\tbar")},
      {"S9_1", "ExtensionsOverTwoLines",
       good_request("Sec-WebSocket-Extensions: foo\r\nSec-WebSocket-Extensions: bar; baz=2\r\n")},
      {"S9_1", "NoExtensionInTheField", extensions(""), 400},
      {"S9_1", "OnlyCommas", extensions(" , ,"), 400},
      {"S9_1", "OnlyASemicolon", extensions(";"), 400},
      {"S9_1", "NoNameOfTheExtension", extensions("; foo"), 400},
      {"S9_1", "NoNameOfTheParameter", extensions("foo; =1"), 400},
      {"S9_1", "NoParameter", extensions("foo;"), 400},
      {"S9_1", "NoParameterInTheMiddle", extensions("foo; ; bar"), 400},
      {"S9_1", "NoValue", extensions("foo; bar="), 400},
      {"S9_1", "TwoValues", extensions("foo; bar=1=2"), 400},
      {"S9_1", "ValueInTwoWords", extensions("foo; bar=1 2"), 400},
      {"S9_1", "NameInTwoWords", extensions("foo bar"), 400},
      {"S9_1", "NameInQuotes", extensions("\"foo\""), 400},
      {"S9_1", "NameWithAValue", extensions("foo=1"), 400},
      {"S9_1", "QuotesThatDoNotEnd", extensions("foo; bar=\"baz"), 400},
      {"S9_1", "QuotesThatEndInAnEscape", extensions("foo; bar=\"baz\\"), 400},
      {"S9_1", "QuotesAroundNothing", extensions("foo; bar=\"\""), 400},
      {"S9_1", "QuotesAroundNoToken", extensions("foo; bar=\"a b\""), 400},
      {"S9_1", "SomethingBehindQuotes", extensions("foo; bar=\"baz\"x"), 400},
      {"S9_1", "NoToken", extensions("foo@bar"), 400},
      {"S9_1", "ParenthesesInAName", extensions("foo(bar)"), 400},
      {"S9_1", "BytesThatAreNotAscii", extensions("f\xc3\xb6\xc3\xb6"), 400},
      {"S9_1", "TheSecondIsBad", extensions("foo, bar; ="), 400},
      {"S9_1", "TheSecondLineIsBad",
       good_request("Sec-WebSocket-Extensions: foo\r\nSec-WebSocket-Extensions: =\r\n"), 400},

      {"S4_1_12", "OtherFields", good_request("User-Agent: test\r\nCookie: a=b\r\nCookie: c=d\r\nX: y\r\n")},
      {"S4_1_12", "FieldsInAnotherOrder",
       std::string("GET /echo HTTP/1.1\r\n") + key_line + version + upgrade + connection + host + "\r\n"},
  };
  for (const char* method :
       {"POST", "HEAD", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "get", "Get", "GETS", "FOO"})
    all.push_back({"S4_1_2", std::string("Method") + method, with("GET", method), 405});
  // RFC 9110 section 9.3.7: OPTIONS asks for the methods.
  all.push_back({"S4_1_2", "MethodOPTIONS", with("GET", "OPTIONS"), 204});
  for (const char* number :
       {"0", "1", "4", "7", "8", "12", "14", "25", "130", "255", "256", "013", "x", "-13"}) {
    std::string name = number;
    boost::algorithm::replace_all(name, "-", "Minus");
    all.push_back({"S4_4", "Version" + name, with("Version: 13", std::string("Version: ") + number), 426});
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Rfc6455, OpeningHandshake, testing::ValuesIn(requests()), name_of_handshake);
INSTANTIATE_TEST_SUITE_P(Rfc6455, OpeningHandshakeByteByByte, testing::ValuesIn(short_ones(requests())),
                         name_of_handshake);

std::vector<HandshakeCase> messages() {
  const std::string field = "X: y\r\n";
  std::vector<HandshakeCase> all = {
      {"S2_2", "BareLineFeedInTheHead", with(host, "Host: localhost\n"), 400},
      {"S2_2", "BareCarriageReturnInAValue", good_request("X: a\rb\r\n"), 400},
      {"S2_2", "SpaceBeforeTheFirstField", with(host, " Host: localhost\r\n"), 400},
      {"S3", "TabsInTheRequestLine", with("GET /echo HTTP/1.1", "GET\t/echo\tHTTP/1.1"), 400},
      {"S3", "TwoSpacesInTheRequestLine", with("GET /echo", "GET  /echo"), 400},
      {"S3", "NoTarget", with("GET /echo HTTP/1.1", "GET HTTP/1.1"), 400},
      {"S3", "ControlCharacterInTheTarget", with("/echo", "/\x01"), 400},
      {"S3", "RubbishForARequest", "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400},
      {"S5", "NoColon", good_request("X\r\n"), 400},
      {"S5", "NoName", good_request(": y\r\n"), 400},
      {"S5", "NoTokenForAName", good_request("X(y): z\r\n"), 400},
      {"S5", "BytesThatAreNotAsciiInAName", good_request("\xc3\xb6: z\r\n"), 400},
      {"S5_1", "SpaceBeforeTheColon", good_request("X : y\r\n"), 400},
      {"S5_1", "TabBeforeTheColon", good_request("X\t: y\r\n"), 400},
      {"S5_1", "NoSpaceBehindTheColon", good_request("X:y\r\n")},
      {"S5_1", "EmptyValue", good_request("X:\r\n")},
      {"S5_2", "FoldedField", good_request("X: y\r\n z\r\n")},
      {"S5_2", "FoldedConnection", with(connection, "Connection: keep-alive,\r\n\tUpgrade\r\n")},
      {"S5_5", "BytesThatAreNotAsciiInAValue", good_request("X: \xc3\xb6\xe9\r\n")},
      {"S5_5", "TabInAValue", good_request("X: a\tb\r\n")},
      {"S5_4", "ALongValue", good_request("X: " + std::string(70'000, 'x') + "\r\n"), 431},
      {"S5_4", "ManyFields", good_request([&] {
         std::string many;
         while (many.size() < 70'000) many += field;
         return many;
       }()),
       431},
      {"S3", "ALongTarget", with("/echo", "/echo?" + std::string(20'000, 'x')), 414},
      {"S6", "ABody", good_request("Content-Length: 5\r\n") + "hello"},
      {"S6", "AnEmptyBody", good_request("Content-Length: 0\r\n")},
      {"S6", "AnEndlessBody", good_request("Content-Length: 99999999999\r\n"), 413},
      {"S6_2", "LengthIsNone", good_request("Content-Length: five\r\n"), 400},
      {"S6_2", "NegativeLength", good_request("Content-Length: -5\r\n"), 400},
      {"S6_3", "TwoLengths", good_request("Content-Length: 5\r\nContent-Length: 6\r\n") + "hello!", 400},
      {"S6_3", "LengthAndChunks",
       good_request("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") + "5\r\nhello\r\n0\r\n\r\n", 400},
      {"S6_3", "UnknownTransferCoding", good_request("Transfer-Encoding: foo\r\n"), 400},
      {"S6_3", "ChunkedIsNotTheLastCoding", good_request("Transfer-Encoding: chunked, foo\r\n"), 400},
      {"S7_1", "Chunks", good_request("Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n0\r\n\r\n"},
      {"S7_1", "BrokenChunks", good_request("Transfer-Encoding: chunked\r\n") + "x\r\nhello\r\n", 400},
  };
  for (int byte = 0; byte != 0x20; ++byte) {
    if (byte == '\t' || byte == '\n' || byte == '\r') continue;
    all.push_back({"S5_5", "Control" + std::to_string(byte),
                   good_request(std::string("X: a") + static_cast<char>(byte) + "b\r\n"), 400});
  }
  all.push_back({"S5_5", "Control127",
                 good_request("X: a\x7f"
                              "b\r\n"),
                 400});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Rfc9112, OpeningHandshake, testing::ValuesIn(messages()), name_of_handshake);
INSTANTIATE_TEST_SUITE_P(Rfc9112, OpeningHandshakeByteByByte, testing::ValuesIn(short_ones(messages())),
                         name_of_handshake);

// A client sends nothing until it has read the response.
TEST(Rfc6455S4_1Client, MayNotSendBeforeResponse) {
  for (const std::string& early : {masked_frame(0x81, "early"), std::string("x"), good_request()})
    EXPECT_EQ(status_of(answer_to(good_request() + early)), 400);
}

// RFC 6455 section 4.4, and RFC 9110 sections 7.8 and 15.5.22.
TEST(Rfc6455S4_4Versions, IsNamedOnRejection) {
  const std::string head = answer_to(with("Version: 13", "Version: 25"));
  EXPECT_EQ(status_of(head), 426);
  EXPECT_EQ(field_of(head, "Sec-WebSocket-Version"), "13");
  EXPECT_EQ(field_of(head, "Upgrade"), "websocket");
  EXPECT_EQ(field_of(head, "Connection"), "Upgrade");
}

TEST(Rfc6455S4_4Versions, KeepsConnectionAfterRejection) {
  TcpClient tcp(echo_port(), echo_settings());
  tcp.send(with("Version: 13", "Version: 25"));
  const std::string head = tcp.read_until("\r\n\r\n");
  tcp.read_exactly(static_cast<std::size_t>(std::stoi(field_of(head, "Content-Length"))));
  tcp.send(good_request());
  EXPECT_EQ(status_of(tcp.read_until("\r\n\r\n")), 101);
}

// RFC 9110 section 15.5.6.
TEST(Rfc9110S15_5_6Methods, IsNamedOnRejection) {
  EXPECT_EQ(field_of(answer_to(with("GET", "POST")), "Allow"), "GET, OPTIONS");
}

// RFC 9112 section 6.3: frames begin where the body ends.
TEST(Rfc9112S6_3Bodies, IsNotReadAsFrames) {
  for (const char* body :
       {"Content-Length: 5\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"}) {
    std::string request = good_request();
    request.resize(request.size() - 2);
    TcpClient tcp(echo_port(), echo_settings());
    tcp.send(request + body);
    EXPECT_EQ(status_of(tcp.read_until("\r\n\r\n")), 101);
    tcp.send(masked_frame(0x81, "hi"));
    EXPECT_EQ(tcp.read_exactly(4), "\x81\x02hi");
  }
}

// RFC 9110 section 10.1.1.
TEST(Rfc9110S10_1_1Expect, GetsContinue) {
  TcpClient tcp(echo_port(), echo_settings());
  tcp.send(good_request("Expect: 100-continue\r\nContent-Length: 2\r\n"));
  EXPECT_EQ(status_of(tcp.read_until("\r\n\r\n")), 100);
  tcp.send("hi");
  EXPECT_EQ(status_of(tcp.read_until("\r\n\r\n")), 101);
}

/// Keys and their accept values, computed by openssl(1).
TEST(Rfc6455S4_2_2Accept, IsDerivedFromKey) {
  EXPECT_EQ(field_of(answer_to(key("AAAAAAAAAAAAAAAAAAAAAA==")), "Sec-WebSocket-Accept"),
            "ICX+Yqv66kxgM0FcWaLWlFLwTAI=");
  EXPECT_EQ(field_of(answer_to(key("x3JJHMbDL1EzLkh9GBhXDw==")), "Sec-WebSocket-Accept"),
            "HSmrc0sMlYUkAGmm5OPpG2HaGWk=");
  EXPECT_EQ(field_of(answer_to(key("/////////////////////w==")), "Sec-WebSocket-Accept"),
            "XXpj4jYzLM2yUE0C7TIgMwTQh2g=");
}

}  // namespace
}  // namespace coroom::test
