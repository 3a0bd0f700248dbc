#include "support/http_client.hpp"
#include "support/running_server.hpp"
#include "support/websocket_client.hpp"
#include "testkit/chat_lines.hpp"
#include "testkit/request_builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace coroom::test {
namespace {
using namespace testkit;
namespace fs = std::filesystem;
using testing::HasSubstr;

class Http : public testing::Test {
 protected:
  /// A folder with one page.
  static server::ServerConfig options() {
    auto options = test_options();
    options.assets = folder();
    return options;
  }

  static fs::path folder() {
    static const fs::path made = [] {
      std::string pattern = fs::temp_directory_path() / "coroom-http-XXXXXX";
      const fs::path path = mkdtemp(pattern.data());
      std::ofstream(path / "index.html") << "<!DOCTYPE html><title>page</title>";
      std::ofstream(path / "plain.html") << "<!DOCTYPE html><title>plain</title>";
      std::ofstream(path / "script.js") << "let it, be;";
      std::ofstream(path / "script.js.br") << "brotli";
      return path;
    }();
    return made;
  }

  static void TearDownTestSuite() { fs::remove_all(folder()); }

  [[nodiscard]] std::uint16_t port() const { return server_.port(); }

  RunningServer server_{options()};
};

TEST_F(Http, ServesPage) {
  const auto page = get(port(), "/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.field("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.field("Cache-Control"), "no-cache");
  EXPECT_EQ(page.body, "<!DOCTYPE html><title>page</title>");
  EXPECT_TRUE(page.field("Date"));
  EXPECT_THAT(page.field("Server").value_or(""), testing::StartsWith("coroom/"));
}

TEST_F(Http, ServesPageForEachRoom) {
  for (const char* target :
       {"/?room=tea", "/r/tea", "/r/%E8%8C%B6", "/r/a%2Fb", "/r/..", "/r/a?x=y", "/r/", "/r", "/r/%E4%BD"}) {
    const auto page = get(port(), target);
    EXPECT_EQ(page.status, 200) << target;
    EXPECT_EQ(page.body, "<!DOCTYPE html><title>page</title>") << target;
    EXPECT_EQ(page.field("Cache-Control"), "no-cache") << target;
  }
  EXPECT_EQ(get(port(), "/rx").status, 404);
}

TEST_F(Http, ServesPlainPage) {
  EXPECT_EQ(get(port(), "/plain").body, "<!DOCTYPE html><title>plain</title>");
}

TEST_F(Http, ServesCompressedFileIfAccepted) {
  const std::string fields = "Accept-Encoding: gzip, br\r\n";
  const auto script = get(port(), "/script.js", fields);
  EXPECT_EQ(script.body, "brotli");
  EXPECT_EQ(script.field("Content-Encoding"), "br");
  EXPECT_EQ(script.field("Vary"), "Accept-Encoding");
  const auto again =
      get(port(), "/script.js", fields + "If-None-Match: " + script.field("ETag").value() + "\r\n");
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(get(port(), "/script.js").body, "let it, be;");
  TcpClient client(port());
  client.send(RequestBuilder("HEAD", "/script.js").fields(fields));
  EXPECT_EQ(read_response(client, true).field("Content-Length"), "6");
}

TEST_F(Http, OmitsBodyForHead) {
  TcpClient client(port());
  client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const auto head = read_response(client, true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.field("Content-Length"), "34");
  EXPECT_EQ(read_response(client).body.size(), 34) << "the next answer follows at once";
  EXPECT_TRUE(client.at_end());
}

TEST_F(Http, SendsNotModifiedForCurrentEtag) {
  const auto page = get(port(), "/");
  const auto again = get(port(), "/", "If-None-Match: " + page.field("ETag").value() + "\r\n");
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_FALSE(again.field("Content-Length"));
}

TEST_F(Http, RejectsPathsOutsideFolder) {
  for (const char* target : {"/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd",
                             "//etc/passwd", "/index.html%00.txt"}) {
    EXPECT_EQ(get(port(), target).status, 404) << target;
  }
}

TEST_F(Http, KeepsConnectionUntilClose) {
  TcpClient client(port());
  for (int request = 0; request != 3; ++request) {
    client.send(RequestBuilder("GET", "/"));
    EXPECT_EQ(read_response(client).status, 200);
  }
  client.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(read_response(client).status, 200);
  EXPECT_TRUE(client.at_end());
}

TEST_F(Http, ReportsKeepAliveToHttp10Client) {
  TcpClient client(port());
  for (int request = 0; request != 2; ++request) {
    client.send("GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(read_response(client).field("Connection"), "keep-alive");
  }
  client.send(RequestBuilder("GET", "/health"));
  EXPECT_EQ(read_response(client).field("Connection"), std::nullopt) << "the default of HTTP/1.1";
}

TEST_F(Http, SkipsEmptyLinesBeforeRequest) {
  TcpClient client(port());
  client.send("\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n\r\n");
  EXPECT_EQ(read_response(client).status, 200);
  client.send("\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(read_response(client).status, 200);
  EXPECT_EQ(ask(port(), "\rGET /health HTTP/1.1\r\nHost: x\r\n\r\n").status, 400);
}

TEST_F(Http, AcceptsOptionsOfServer) {
  EXPECT_EQ(ask(port(), RequestBuilder("OPTIONS", "*")).status, 204);
  EXPECT_EQ(ask(port(), RequestBuilder("GET", "*")).status, 400);
}

TEST_F(Http, AcceptsTargetsAsBrowsersSendThem) {
  for (const char* target : {"/?room=a|b", "/?room=[team]", "/?room=a\\b", "/?q=100%", "/r/[team]", "/r/a|b",
                             "/r/a^b", "/r/100%", "/r/caf\xc3\xa9", "/?room=\xe8\x8c\xb6", "/?q=\"<>`{}"}) {
    EXPECT_EQ(get(port(), target).status, 200) << target;
  }
  RawWebSocketClient raw(port(), "/chat?room=a|b");
  EXPECT_EQ(raw.read_event(), chat_line::joined);
  RawWebSocketClient encoded(port(), "/chat?room=a%7Cb");
  EXPECT_EQ(raw.read_event(), chat_line::joined) << "of the same room";
  for (const char* target :
       {"/..|/etc/passwd", "/..%/etc/passwd", "/..\\etc\\passwd", "/..%5c..%5cetc%5cpasswd"})
    EXPECT_EQ(get(port(), target).status, 404) << target;
}

TEST_F(Http, RejectsUnknownPathsAndMethods) {
  EXPECT_EQ(get(port(), "/nothing").status, 404);
  const auto post = ask(port(), RequestBuilder("POST", "/chat").body("hi"));
  EXPECT_EQ(post.status, 405);
  EXPECT_EQ(post.field("Allow"), "GET, OPTIONS");
  EXPECT_EQ(ask(port(), RequestBuilder("DELETE", "/")).status, 405);
}

TEST_F(Http, RejectsMalformedRequests) {
  for (const char* request :
       {"hello\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET  HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        "GET /a\x7f HTTP/1.1\r\nHost: x\r\n\r\n", "GET http://x?#f HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET mailto:x HTTP/1.1\r\nHost: x\r\n\r\n"}) {
    TcpClient client(port());
    client.send(request);
    EXPECT_EQ(read_response(client).status, 400) << request;
    EXPECT_TRUE(client.at_end()) << request;
  }
  EXPECT_EQ(server_.count(Counter::http_errors), 8);
  EXPECT_EQ(get(port(), "/").status, 200) << "other clients are not disturbed";
}

TEST_F(Http, RequiresOneValidHost) {
  for (const char* fields :
       {"", "Host: x\r\nHost: x\r\n", "Host: x y\r\n", "Host: user@x\r\n", "Host: x/\r\n"})
    EXPECT_EQ(ask(port(), "GET / HTTP/1.1\r\n" + std::string(fields) + "\r\n").status, 400) << fields;
  for (const char* host : {"x", "x:80", "127.0.0.1", "[::1]:80", ""})
    EXPECT_EQ(ask(port(), RequestBuilder("GET", "/", std::string_view(host))).status, 200) << host;
}

TEST_F(Http, RejectsBodyOfUnknownLength) {
  for (const char* coding :
       {"gzip", "chunked, gzip", "gzip, chunked", "identity\r\nTransfer-Encoding: chunked"}) {
    TcpClient client(port());
    client.send(RequestBuilder("POST", "/").field("Transfer-Encoding", coding));
    EXPECT_EQ(read_response(client).status, 400) << coding;
    EXPECT_TRUE(client.at_end()) << coding;
  }
  TcpClient old(port());
  old.send("POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  EXPECT_EQ(read_response(old).status, 400) << "a proxy may see another end of the body";
  EXPECT_TRUE(old.at_end());
}

TEST_F(Http, LimitsNumberOfParameters) {
  const auto post = [&](std::size_t count, const char* type) {
    std::string body;
    for (std::size_t more = 0; more != count; ++more) body += "a&";
    return ask(port(), RequestBuilder("POST", "/guest").field("Content-Type", type).body(body));
  };
  EXPECT_EQ(post(500'000, "application/x-www-form-urlencoded").body,
            "The request has too many parameters.\n");
  EXPECT_NE(post(500'000, "text/plain").body, "The request has too many parameters.\n");
  EXPECT_EQ(get(port(), "/?" + std::string(1000, '&')).status, 400);
  EXPECT_EQ(get(port(), "/?" + std::string(999, '&')).status, 200);
}

TEST_F(Http, ClosesConnectionAfter401) {
  TcpClient client(port());
  client.send(RequestBuilder("GET", "/chat?token=x"));
  EXPECT_EQ(read_response(client).status, 401);
  EXPECT_TRUE(client.at_end());
}

TEST_F(Http, RejectsOversizedRequests) {
  EXPECT_EQ(ask(port(), RequestBuilder("GET", "/" + std::string(9 * 1024, 'a'))).status, 414);
  EXPECT_EQ(ask(port(), RequestBuilder("GET", "/" + std::string(64 * 1024, 'a'))).status, 414);
  EXPECT_EQ(get(port(), "/", "X-Long: " + std::string(64 * 1024, 'a') + "\r\n").status, 431);
  EXPECT_EQ(ask(port(), RequestBuilder("POST", "/").field("Content-Length", "99999999")).status, 413);
  std::string chunked = RequestBuilder("POST", "/").field("Transfer-Encoding", "chunked").bytes();
  for (int chunk = 0; chunk != 20; ++chunk) chunked += "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
  EXPECT_EQ(ask(port(), chunked + "0\r\n\r\n").status, 413);
}

TEST_F(Http, SendsContinueBeforeBody) {
  TcpClient client(port());
  client.send(RequestBuilder("POST", "/chat").field("Content-Length", "2").field("Expect", "100-continue"));
  EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("100 Continue"));
  client.send("hi");
  EXPECT_EQ(read_response(client).status, 405);
}

TEST_F(Http, SendsNoContinueToHttp10Client) {
  TcpClient client(port());
  client.send("POST /chat HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nhi");
  EXPECT_EQ(read_response(client).status, 405);
}

TEST_F(Http, LimitsChunkExtensionsAndTrailers) {
  const std::string head = RequestBuilder("POST", "/guest").field("Transfer-Encoding", "chunked").bytes();
  const std::string block(std::size_t{16} * 1024, 'a');
  const auto status_of = [&](const std::string& begin, const std::string& more) {
    TcpClient client(port());
    client.send(head + begin + more);
    const int status = read_response(client).status;
    EXPECT_TRUE(client.at_end());
    return status;
  };
  EXPECT_EQ(status_of("1;x=", block + block), 431) << "an extension without an end";
  EXPECT_EQ(status_of("0\r\nx: ", block + block), 431) << "a trailer field without an end";
  std::string extensions;
  std::string fields;
  for (int more = 0; more != 40; ++more) {
    extensions += "1;x=" + std::string(1000, 'a') + "\r\na\r\n";
    fields += "x: " + std::string(1000, 'a') + "\r\n";
  }
  EXPECT_EQ(status_of("", extensions), 431) << "an extension for each byte";
  EXPECT_EQ(status_of("0\r\n", fields), 431) << "trailer fields without an end";
}

TEST_F(Http, AcceptsSmallestChunks) {
  std::string chunks;
  for (int byte = 0; byte != 30'000; ++byte) chunks += "1\r\n \r\n";
  const auto answer =
      ask(port(), RequestBuilder("POST", "/guest").field("Transfer-Encoding", "chunked").bytes() + chunks +
                      "2;a=b\r\n{}\r\n0;c\r\nX-Last: one\r\n\r\n");
  EXPECT_NE(answer.status, 431) << answer.body;
  EXPECT_NE(answer.status, 413) << answer.body;
}

TEST_F(Http, LimitsNumberOfHeaderFields) {
  const auto status_with = [&](int count) {
    std::string fields;
    for (int field = 0; field != count; ++field) fields += "a:\r\n";
    return get(port(), "/health", fields).status;
  };
  EXPECT_EQ(status_with(100), 200);
  EXPECT_EQ(status_with(2000), 431);
}

TEST_F(Http, DropsUnwantedBody) {
  const std::string body(std::size_t{1} << 20, 'a');
  TcpClient client(port());
  for (const auto& [method, target] :
       {std::pair("POST", "/nothing"), std::pair("GET", "/"), std::pair("DELETE", "/health")}) {
    client.send(RequestBuilder(method, target).body(body));
    EXPECT_NE(read_response(client).status, 413) << method;
  }
  client.send(RequestBuilder("GET", "/health"));
  EXPECT_EQ(read_response(client).status, 200);
}

TEST_F(Http, RejectsRequestBeforeBodyArrives) {
  TcpClient client(port());
  client.send(RequestBuilder("POST", "nowhere").field("Content-Length", "1000"));
  EXPECT_EQ(read_response(client).status, 400);
}

TEST_F(Http, RejectsImproperUpgrades) {
  const auto without = [&](const std::string& field) {
    std::string request = upgrade_request(port());
    const std::size_t begin = request.find(field);
    request.erase(begin, request.find("\r\n", begin) + 2 - begin);
    return ask(port(), request);
  };
  EXPECT_EQ(without("Upgrade:").status, 400);
  EXPECT_EQ(without("Connection:").status, 400);
  EXPECT_EQ(without("Sec-WebSocket-Key:").status, 400);
  const auto versionless = without("Sec-WebSocket-Version:");
  EXPECT_EQ(versionless.status, 426);
  EXPECT_EQ(versionless.field("Sec-WebSocket-Version"), "13");
  EXPECT_EQ(versionless.field("Upgrade"), "websocket");
  EXPECT_EQ(versionless.field("Connection"), "Upgrade");
  for (const char* once : {"Sec-WebSocket-Version: 13\r\n", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
                           "Sec-WebSocket-Extensions: =\r\n"})
    EXPECT_EQ(ask(port(), upgrade_request(port(), "/chat", once)).status, 400) << once;

  std::string old_version = upgrade_request(port());
  old_version.replace(old_version.find("Version: 13"), 11, "Version: 8");
  EXPECT_EQ(ask(port(), old_version).field("Sec-WebSocket-Version"), "13");
  std::string short_key = upgrade_request(port());
  short_key.replace(short_key.find("dGhlIHNhbXBsZSBub25jZQ=="), 24, "c2hvcnQ=");
  EXPECT_EQ(ask(port(), short_key).status, 400);
  std::string old_http = upgrade_request(port());
  old_http.replace(old_http.find("HTTP/1.1"), 8, "HTTP/1.0");
  EXPECT_EQ(ask(port(), old_http).status, 400);
}

TEST_F(Http, RejectsDataBeforeUpgradeResponse) {
  EXPECT_EQ(ask(port(), upgrade_request(port()) + masked_frame(0x81, "too early")).status, 400);
}

TEST_F(Http, RejectsForeignOrigin) {
  const auto from = [&](const std::string& origin) {
    return ask(port(), upgrade_request(port(), "/chat", "Origin: " + origin + "\r\n")).status;
  };
  EXPECT_EQ(from("http://evil.example"), 403);
  EXPECT_EQ(from("http://localhost:" + std::to_string(port())), 101);
  EXPECT_EQ(server_.count(Counter::origins_refused), 1);
}

TEST(HttpSettings, AllowsOriginsByPattern) {
  auto options = test_options();
  options.allowed_origins = *detail::auth::OriginPolicy::make({"https://*.example.org"});
  RunningServer server(options);
  for (const char* path : {"/chat", "/connection/websocket"}) {
    const auto from = [&](const std::string& origin) {
      return ask(server.port(), upgrade_request(server.port(), path, "Origin: " + origin + "\r\n")).status;
    };
    EXPECT_EQ(from("https://a.example.org"), 101);
    EXPECT_EQ(from("https://a.example.org.evil.com"), 403);
    EXPECT_EQ(from("https://evilexample.org"), 403);
    EXPECT_EQ(from("null"), 403);
  }
  EXPECT_EQ(server.count(Counter::origins_refused), 6);
}

TEST(HttpSettings, AllowsOriginsThatAreNoWebPages) {
  auto options = test_options();
  options.allowed_origins = *detail::auth::OriginPolicy::make({"null", "app://."});
  RunningServer server(options);
  for (const char* path : {"/connection/http_stream", "/guest"}) {
    const auto preflight = [&](const std::string& origin) {
      return ask(server.port(), RequestBuilder("OPTIONS", path)
                                    .field("Origin", origin)
                                    .field("Access-Control-Request-Method", "POST"))
          .field("Access-Control-Allow-Origin");
    };
    EXPECT_EQ(preflight("null"), "null") << path;
    EXPECT_EQ(preflight("app://."), "app://.") << path;
    EXPECT_EQ(preflight("file://"), std::nullopt) << path;
    EXPECT_EQ(preflight("app://other"), std::nullopt) << path;
  }
}

TEST(HttpSettings, KeepsIdleConnectionForKeepAliveTimeout) {
  auto options = test_options();
  options.application.timeouts.handshake_timeout = std::chrono::milliseconds(100);
  options.application.timeouts.keep_alive_timeout = std::chrono::milliseconds(400);
  RunningServer server(options);
  TcpClient client(server.port());
  client.send(RequestBuilder("GET", "/health"));
  EXPECT_EQ(read_response(client).status, 200);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(client.at_end());
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(350));
}

TEST(HttpSettings, TimesOutIncompleteRequest) {
  auto options = test_options();
  options.application.timeouts.handshake_timeout = std::chrono::milliseconds(500);
  RunningServer server(options);
  for (const char* half : {"GET / HT", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf"}) {
    TcpClient client(server.port());
    client.send(half);
    EXPECT_EQ(read_response(client).status, 408) << half;
    EXPECT_TRUE(client.at_end());
  }
  EXPECT_EQ(server.count(Counter::http_timeouts), 2);
  TcpClient silent(server.port());
  EXPECT_TRUE(silent.at_end()) << "no request, no response";
}

TEST(HttpSettings, ServesOthersDuringEmptyLines) {
  auto options = test_options();
  options.application.threads = 1;
  options.application.timeouts.handshake_timeout = std::chrono::seconds(1);
  RunningServer server(options);
  TcpClient endless(server.port());
  std::atomic<bool> is_closed = false;
  std::jthread sender([&] {
    std::string lines;
    while (lines.size() < std::size_t{256} * 1024) lines += "\r\n";
    try {
      while (true) endless.send(lines);
    } catch (const std::exception&) {  // the server has closed the connection
      is_closed = true;
    }
  });
  std::size_t answers = 0;
  while (!is_closed) {
    EXPECT_EQ(get(server.port(), "/health").status, 200);
    ++answers;
  }
  EXPECT_GT(answers, 5) << "in a second";
}

TEST(HttpSettings, LimitsConnections) {
  auto options = test_options();
  options.application.limits.max_connections = 2;
  RunningServer server(options);
  RawWebSocketClient first(server.port());
  {
    RawWebSocketClient second(server.port());
    const auto refused = get(server.port(), "/");
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.field("Connection"), "close");
    EXPECT_EQ(server.count(Counter::connections_refused), 1);
    second.leave();
  }
  EXPECT_TRUE(eventually([&] { return get(server.port(), "/nothing").status == 404; }))
      << "after one has left";
}

}  // namespace
}  // namespace coroom::test
