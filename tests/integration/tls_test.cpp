#include "net/socket.hpp"
#include "net/tls_context.hpp"
#include "support/certificate_files.hpp"
#include "support/http_client.hpp"
#include "support/process.hpp"
#include "support/running_application.hpp"
#include "support/running_server.hpp"
#include "support/temporary.hpp"
#include "support/websocket_client.hpp"
#include "testkit/chat_lines.hpp"
#include "testkit/codes.hpp"
#include "testkit/request_builder.hpp"

#include <coroom/log.hpp>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <openssl/ssl.h>
#include <string>
#include <tuple>

namespace coroom::test {
namespace {

using namespace testkit;
using testing::HasSubstr;
using testing::StartsWith;

TcpClient::TcpOptions over_tls() {
  TcpClient::TcpOptions settings;
  settings.tls = true;
  return settings;
}

const RequestBuilder get_health("GET", "/health");

int status_of_health(TcpClient client) {
  client.send(get_health);
  return read_response(client).status;
}

TEST(Tls, ReadsNothingAfterClose) {
  using boost::asio::ip::tcp;
  const CertificateFiles identity("localhost");
  const auto tls = detail::net::TlsContext::open({identity.certificate(), identity.key()}).value();
  boost::asio::io_context context;
  tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
  const auto accepted = [&](tcp::socket& peer) {
    peer.connect(acceptor.local_endpoint());
    tcp::socket socket = acceptor.accept();
    socket.non_blocking(true);
    return socket;
  };
  tcp::socket peer(context);
  tcp::socket near = accepted(peer);
  const int descriptor = near.native_handle();
  detail::net::Socket closed(std::move(near), tls->session(descriptor));
  tcp::socket other_peer(context);
  other_peer.open(tcp::v4());
  closed.close();
  tcp::socket other = accepted(other_peer);
  ASSERT_EQ(other.native_handle(), descriptor) << "the lowest that is free";
  other_peer.send(boost::asio::buffer("hello", 5));
  other.wait(tcp::socket::wait_read);

  std::array<char, 16> data{};
  boost::system::error_code ec;
  EXPECT_EQ(closed.read_some(data, ec), 0);
  EXPECT_EQ(ec, boost::asio::error::bad_descriptor);
  EXPECT_EQ(closed.look_for_input(), boost::asio::error::bad_descriptor);
  EXPECT_EQ(other.available(), 5);
}

TEST(Socket, LooksForInput) {
  using boost::asio::ip::tcp;
  boost::asio::io_context context;
  tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
  tcp::socket peer(context);
  peer.connect(acceptor.local_endpoint());
  detail::net::Socket socket(acceptor.accept());
  socket.tcp().non_blocking(true);
  EXPECT_EQ(socket.look_for_input(), boost::asio::error::would_block);
  peer.send(boost::asio::buffer("hello", 5));
  socket.tcp().wait(tcp::socket::wait_read);
  EXPECT_FALSE(socket.look_for_input());
  std::array<char, 16> data{};
  boost::system::error_code ec;
  EXPECT_EQ(socket.read_some(data, ec), 5) << "nothing was taken";
  peer.shutdown(tcp::socket::shutdown_send);
  socket.tcp().wait(tcp::socket::wait_read);
  EXPECT_EQ(socket.look_for_input(), boost::asio::error::eof);
}

TEST(Tls, ServesPagesAndKeepsConnection) {
  const CertificateFiles identity("localhost");
  const RunningServer server(identity.options());
  TcpClient client(server.port(), over_tls());
  for (int times = 0; times != 3; ++times) {
    client.send(RequestBuilder("GET", "/"));
    const RawResponse page = read_response(client);
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("</html>"));
  }
  client.send(RequestBuilder("GET", "/health").field("Connection", "close"));
  EXPECT_EQ(read_response(client).status, 200);
  EXPECT_TRUE(client.at_end()) << "with a close_notify, else at_end() throws";
}

TEST(Tls, AcceptsOnlyVersions12And13) {
  const CertificateFiles identity("localhost");
  const RunningServer server(identity.options());
  TcpClient::TcpOptions settings = over_tls();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    settings.tls_version = version;
    EXPECT_EQ(status_of_health(TcpClient(server.port(), settings)), 200);
  }
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    settings.tls_version = version;
    EXPECT_THROW(TcpClient(server.port(), settings), std::runtime_error);
  }
  EXPECT_TRUE(eventually([&] { return server.count(Counter::tls_errors) == 2; }));
}

TEST(Tls, RequiresForwardSecrecy) {
  const CertificateFiles identity("localhost", {.rsa_bits = 2048});  // which the older ciphers need
  const RunningServer server(identity.options());
  TcpClient::TcpOptions settings = over_tls();
  settings.tls_version = TLS1_2_VERSION;
  for (const char* ciphers : {"ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-CHACHA20-POLY1305"}) {
    settings.ciphers = ciphers;
    EXPECT_EQ(status_of_health(TcpClient(server.port(), settings)), 200) << ciphers;
  }
  for (const char* ciphers : {"AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA", "DHE-RSA-AES128-GCM-SHA256"}) {
    settings.ciphers = ciphers;
    EXPECT_THROW(TcpClient(server.port(), settings), std::runtime_error) << ciphers;
  }
}

TEST(Tls, RejectsRenegotiation) {
  const CertificateFiles identity("localhost");
  const RunningServer server(identity.options());
  TcpClient::TcpOptions settings = over_tls();
  settings.tls_version = TLS1_2_VERSION;
  TcpClient client(server.port(), settings);
  client.send(get_health);
  EXPECT_EQ(read_response(client).status, 200);
  EXPECT_THROW(client.renegotiate(), std::runtime_error);
  EXPECT_EQ(status_of_health(TcpClient(server.port(), over_tls())), 200);
}

TEST(Tls, SendsCertificateChain) {
  CertificateFiles identity("localhost");
  identity.add_to_chain("an issuer");
  const RunningServer server(identity.options());
  const TcpClient client(server.port(), over_tls());
  EXPECT_EQ(client.certificate_name(), "localhost");
  EXPECT_EQ(client.certificates(), 2);
}

TEST(Tls, AcceptsOnlyHttpByAlpn) {
  const CertificateFiles identity("localhost");
  const RunningServer server(identity.options());
  TcpClient::TcpOptions settings = over_tls();
  settings.protocols = "\x02h2\x08http/1.1";
  EXPECT_EQ(TcpClient(server.port(), settings).protocol(), "http/1.1");
  settings.protocols = "\x02h2";
  EXPECT_THROW(TcpClient(server.port(), settings), std::runtime_error);
}

TEST(Tls, CarriesMessagesAndClose) {
  const CertificateFiles identity("localhost");
  const RunningServer server(identity.options());
  RawWebSocketClient alice(server.port(), "/chat", "", over_tls());
  EXPECT_EQ(alice.read_event(), chat_line::joined);
  RawWebSocketClient bob(server.port(), "/chat", "", over_tls());
  EXPECT_EQ(alice.read_event(), chat_line::joined);
  EXPECT_EQ(bob.read_event(), chat_line::joined);
  const std::string text(60'000, 'x');  // several records
  alice.send_text(text);
  EXPECT_EQ(bob.read_event(), chat_line::said(text));
  EXPECT_EQ(alice.read_event(), chat_line::said(text));
  bob.leave();
  EXPECT_EQ(alice.read_event(), chat_line::left);
}

TEST(Tls, KeepsOrderInBothDirections) {
  const CertificateFiles identity("localhost");
  const RunningServer server(identity.options());
  RawWebSocketClient client(server.port(), "/chat", "", over_tls());
  client.read_text();
  constexpr int many = 2000;  // more than one read of the socket or of a record
  std::string frames;
  for (int number = 0; number != many; ++number)
    frames += masked_frame(0x81, std::to_string(number) + std::string(100, '.'));
  client.send_raw(frames);
  for (int number = 0; number != many; ++number)
    ASSERT_EQ(client.read_event(), chat_line::said(std::to_string(number) + std::string(100, '.')));
  for (const char byte : masked_frame(0x81, "in pieces")) client.send_raw({&byte, 1});
  EXPECT_EQ(client.read_event(), chat_line::said("in pieces"));
}

TEST(Tls, ContinuesAfterKeyUpdate) {
  const CertificateFiles identity("localhost");
  const RunningServer server(identity.options());
  TcpClient::TcpOptions settings = over_tls();
  settings.tls_version = TLS1_3_VERSION;
  RawWebSocketClient client(server.port(), "/chat", "", settings);
  client.read_text();
  for (const char* text : {"one", "two"}) {
    client.tcp().update_keys();
    client.send_text(text);
    EXPECT_EQ(client.read_event(), chat_line::said(text));
  }
}

TEST(Tls, DisconnectsOnKeyUpdateFlood) {
  const CertificateFiles identity("localhost");
  const RunningServer server(identity.options());
  TcpClient::TcpOptions settings = over_tls();
  settings.tls_version = TLS1_3_VERSION;
  TcpClient client(server.port(), settings);
  client.send(get_health);
  EXPECT_EQ(read_response(client).status, 200);
  const auto update_without_end = [&client] {
    for (int times = 0; times != 100'000; ++times) client.update_keys();
  };
  EXPECT_THROW(update_without_end(), std::runtime_error) << "the server closes";
  EXPECT_TRUE(eventually([&] { return server.count(Counter::tls_errors) == 1; }));
  EXPECT_EQ(status_of_health(TcpClient(server.port(), over_tls())), 200);
}

TEST(Tls, RepliesToPlainHttp) {
  const CertificateFiles identity("localhost");
  const RunningServer server(identity.options());
  const RawResponse answer = get(server.port(), "/");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("https://"));
  EXPECT_EQ(server.count(Counter::tls_errors), 1);
}

TEST(Tls, TimesOutHandshake) {
  const CertificateFiles identity("localhost");
  server::ServerConfig options = identity.options();
  options.application.timeouts.tls_timeout = std::chrono::seconds(1);
  const RunningServer server(options);
  RawWebSocketClient other(server.port(), "/chat", "", over_tls());
  other.read_text();
  TcpClient silent(server.port());
  EXPECT_TRUE(silent.at_end());
  TcpClient half(server.port());
  half.send("\x16\x03\x01\x02");  // the head of a record
  EXPECT_TRUE(half.at_end());
  EXPECT_EQ(server.count(Counter::tls_errors), 1) << "a silent connection is no violation";
  other.send_text("still here");
  EXPECT_EQ(other.read_event(), chat_line::said("still here"));
}

TEST(Tls, ToleratesPortProbe) {
  const CertificateFiles identity("localhost");
  Process process(
      {"--port=0", "--tls-cert=" + identity.certificate().string(), "--tls-key=" + identity.key().string()});
  const std::uint16_t port = process.wait_for_port();
  for (int probe = 0; probe != 5; ++probe) {
    TcpClient(port).close();
    TcpClient(port).reset();
  }
  TcpClient noise(port);
  noise.send(std::string(300, '\xff'));
  noise.read_to_end();
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
  EXPECT_EQ(lines_with(process.output(), "tls handshake failed"), 1) << process.output();
  EXPECT_THAT(process.output(), HasSubstr("name=tls_errors value=1"));
}

TEST(Tls, DisconnectsOnInvalidRecord) {
  const CertificateFiles identity("localhost");
  const RunningServer server(identity.options());
  RawWebSocketClient other(server.port(), "/chat", "", over_tls());
  other.read_text();
  TcpClient noise(server.port());
  noise.send(std::string(300, '\xff'));
  noise.read_to_end();
  EXPECT_TRUE(eventually([&] { return server.count(Counter::tls_errors) == 1; }));
  other.send_text("still here");
  EXPECT_EQ(other.read_event(), chat_line::said("still here"));
}

TEST(Tls, ClosesSlowReader) {
  const CertificateFiles identity("localhost");
  server::ServerConfig options = identity.options();
  options.application.limits.queue_limit = 256 * 1024;
  options.application.limits.rate_limit = {.messages = 0, .bytes = 0};  // because the talker floods
  // For the closing handshake, which the slow reader reads at the end.
  options.application.timeouts.handshake_timeout = std::chrono::minutes(1);
  const RunningServer server(options);
  RawWebSocketClient talker(server.port(), "/chat", "", over_tls());
  talker.read_text();
  TcpClient::TcpOptions settings = over_tls();
  settings.receive_buffer = 4096;
  RawWebSocketClient slow(server.port(), "/chat", "", settings);
  talker.read_text();
  for (int number = 0; number != 600; ++number) {
    const std::string text = std::to_string(number) + ":" + std::string(32 * 1024, 'x');
    talker.send_text(text);
    std::string event = talker.read_event();
    if (event == chat_line::left) event = talker.read_event();
    ASSERT_EQ(event, chat_line::said(text));
  }
  EXPECT_EQ(slow.read_close().close_code(), centrifuge_close::slow);
  EXPECT_EQ(server.count(Counter::slow_consumers), 1);
}

TEST(Tls, CarriesStreams) {
  const CertificateFiles identity("localhost");
  const RunningServer server(identity.options());
  {
    TcpClient stream(server.port(), over_tls());
    stream.send(
        "GET /connection/sse?cf_connect=%7B%22id%22:1,%22connect%22:%7B%7D%7D HTTP/1.1\r\nHost: "
        "localhost\r\n\r\n");
    EXPECT_THAT(stream.read_until("\"client\""), HasSubstr("text/event-stream"));
  }
  EXPECT_TRUE(eventually([&] { return server.count(Counter::sessions_lost) == 1; }));
}

TEST(Tls, ReloadsFilesAndKeepsConnections) {
  CertificateFiles identity("old.example");
  Settings settings = quick_settings();
  settings.tls.certificate = identity.certificate();
  settings.tls.key = identity.key();
  class Echo : public WebSocketHandler {
    task<> on_message(Message message) override { co_await write_message(message); }
  };
  RunningApplication application({route<Echo>("/echo")}, settings);
  const auto name_of_newcomer = [&] { return TcpClient(application.port(), over_tls()).certificate_name(); };
  RawWebSocketClient client(application.port(), "/echo", "", over_tls());
  EXPECT_EQ(client.tcp().certificate_name(), "old.example");

  identity.become("new.example");
  EXPECT_EQ(name_of_newcomer(), "old.example");
  EXPECT_TRUE(application->reload_tls());
  EXPECT_EQ(name_of_newcomer(), "new.example");
  client.send_text("still here");
  EXPECT_EQ(client.read_text(), "still here");

  identity.mismatch();
  auto reloaded = application->reload_tls();
  ASSERT_FALSE(reloaded);
  EXPECT_EQ(reloaded.error().message, "the key in '" + identity.key().string() +
                                          "' does not belong to the certificate in '" +
                                          identity.certificate().string() + "'");
  identity.become("third.example");
  identity.damage("cert.pem");
  reloaded = application->reload_tls();
  ASSERT_FALSE(reloaded);
  EXPECT_THAT(reloaded.error().message,
              StartsWith("cannot read a certificate in '" + identity.certificate().string() + "'"));
  identity.become("third.example");
  identity.damage("key.pem");
  reloaded = application->reload_tls();
  ASSERT_FALSE(reloaded);
  EXPECT_THAT(reloaded.error().message,
              StartsWith("cannot read a private key in '" + identity.key().string() + "'"));
  std::filesystem::remove(identity.key());
  reloaded = application->reload_tls();
  ASSERT_FALSE(reloaded);
  EXPECT_THAT(reloaded.error().message, HasSubstr("No such file"));
  EXPECT_EQ(name_of_newcomer(), "new.example");
}

TEST(Tls, ReportsProtocolToHandlers) {
  const CertificateFiles identity("localhost");
  class ProtocolHandler : public RequestHandler {
    task<> get() override {
      write(request().protocol);
      co_return;
    }
  };
  Settings settings = quick_settings();
  RunningApplication plain({route<ProtocolHandler>("/")}, settings);
  EXPECT_EQ(get(plain.port(), "/", "X-Forwarded-Proto: https\r\n").body, "http");
  settings.trusted_proxies = {"127.0.0.1"};
  RunningApplication behind({route<ProtocolHandler>("/")}, settings);
  EXPECT_EQ(get(behind.port(), "/", "X-Forwarded-Proto: https\r\n").body, "https");
  EXPECT_EQ(get(behind.port(), "/", "X-Forwarded-Proto: gopher\r\n").body, "http");
  settings.trusted_proxies.clear();
  settings.tls.certificate = identity.certificate();
  settings.tls.key = identity.key();
  RunningApplication secure({route<ProtocolHandler>("/")}, settings);
  TcpClient client(secure.port(), over_tls());
  client.send(RequestBuilder("GET", "/"));
  EXPECT_EQ(read_response(client).body, "https");
}

TEST(Tls, ReloadsFilesOnSighup) {
  CertificateFiles identity("old.example");
  Process process(
      {"--port=0", "--tls-cert=" + identity.certificate().string(), "--tls-key=" + identity.key().string()});
  const std::uint16_t port = process.wait_for_port();
  EXPECT_THAT(process.output(), HasSubstr("open https://localhost:"));
  RawWebSocketClient client(port, "/chat", "", over_tls());
  client.read_text();
  identity.become("new.example");
  process.signal(SIGHUP);
  EXPECT_TRUE(eventually([&] { return TcpClient(port, over_tls()).certificate_name() == "new.example"; }));
  identity.damage("key.pem");
  process.signal(SIGHUP);
  EXPECT_TRUE(eventually([&] {
    process.read_output();
    return lines_with(process.output(), "not reloaded") == 1;
  })) << process.output();
  EXPECT_THAT(process.output(), HasSubstr(identity.key().string()));
  client.send_text("still here");
  EXPECT_EQ(client.read_event(), chat_line::said("still here"));
  process.signal(SIGTERM);
  EXPECT_EQ(client.read_close().close_code(), centrifuge_close::shutdown);
  EXPECT_EQ(process.wait(), 0);
}

TEST(Tls, ReportsOpensslErrorOfFiles) {
  const auto fault_of = [](const CertificateFiles& identity) {
    const auto opened = detail::net::TlsContext::open({identity.certificate(), identity.key()});
    return opened ? "no fault" : opened.error().message;
  };
  EXPECT_EQ(fault_of(CertificateFiles("localhost")), "no fault");
  EXPECT_THAT(fault_of(CertificateFiles("localhost", {.passphrase = "open sesame"})),
              HasSubstr("passphrase"));
  const std::string weak = fault_of(CertificateFiles("localhost", {.rsa_bits = 1024}));
  EXPECT_THAT(weak, testing::AllOf(HasSubstr("too small"), HasSubstr("cert.pem"), HasSubstr("2048")));
  CertificateFiles damaged("localhost");
  damaged.damage("cert.pem");
  EXPECT_THAT(fault_of(damaged), HasSubstr("not in PEM or damaged"));
}

TEST(Tls, WarnsOfWorldReadableKey) {
  const CertificateFiles identity("localhost");
  const auto warnings = [&identity](std::filesystem::perms rights) {
    std::filesystem::permissions(identity.key(), rights);
    logging::configure(logging::Level::warning, logging::Format::text);
    testing::internal::CaptureStderr();
    std::ignore = detail::net::TlsContext::open({identity.certificate(), identity.key()});
    EXPECT_TRUE(logging::flush(std::chrono::seconds(10)));
    const std::string printed = testing::internal::GetCapturedStderr();
    logging::configure(logging::Level::off, logging::Format::text);
    return printed;
  };
  using std::filesystem::perms;
  EXPECT_THAT(warnings(perms::owner_read | perms::others_read), HasSubstr(identity.key().string()));
  EXPECT_EQ(warnings(perms::owner_read | perms::group_read), "");
}

TEST(Tls, ExitsOnInvalidFiles) {
  const CertificateFiles identity("localhost");
  Process alone({"--port=0", "--tls-cert=" + identity.certificate().string()});
  EXPECT_EQ(alone.wait(), 2);
  EXPECT_THAT(alone.output(), HasSubstr("--tls-key"));
  Process missing({"--port=0", "--tls-cert=/nowhere/cert.pem", "--tls-key=" + identity.key().string()});
  EXPECT_EQ(missing.wait(), 1);
  EXPECT_EQ(missing.output(),
            "coroom: cannot read a certificate in '/nowhere/cert.pem': No such file or directory\n");
}

}  // namespace
}  // namespace coroom::test
