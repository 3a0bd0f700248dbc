#include "support/certificate.hpp"
#include "support/conversation.hpp"
#include "support/temporary.hpp"
#include "testkit/codes.hpp"

#include <coroom/websocket_client.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace coroom::test {
namespace {

using namespace testkit;

task<> echo(Peer& peer) {
  while (auto message = co_await peer.read()) co_await peer.write(std::move(*message));
}

task<> connect_and_echo(std::string url, ConnectOptions wanted) {
  auto client = co_await websocket_connect(url, wanted);
  EXPECT_TRUE(client.has_value()) << (client ? "" : client.error().message);
  if (!client) co_return;
  co_await client->write_message("hello");
  const auto answer = co_await client->read_message();
  EXPECT_TRUE(answer && answer->data == "hello");
  EXPECT_TRUE(client->close());
  EXPECT_FALSE((co_await client->read_message()).has_value());
  EXPECT_EQ(client->close_code(), websocket_close::normal);
}

/// Returns the path of the peer's certificate.
std::string ca_file() {
  static const TemporaryFolder folder;
  return folder.path() / "ca.pem";
}

PeerOptions tls_peer(const std::string& name) {
  PeerOptions options;
  options.tls_pem = make_certificate(name);
  std::ofstream(ca_file()) << options.tls_pem;
  return options;
}

TEST(ClientTls, TrustsCertificatesOfCaFile) {
  converse(
      echo,
      [](std::string url) -> task<> {
        ConnectOptions wanted;
        wanted.tls.ca_file = ca_file();
        co_await connect_and_echo(url, wanted);
      },
      tls_peer("localhost"));
}

TEST(ClientTls, RejectsCertificateForOtherName) {
  converse(
      echo,
      [](std::string url) -> task<> {
        ConnectOptions wanted;
        wanted.tls.ca_file = ca_file();
        const auto client = co_await websocket_connect(url, wanted);
        EXPECT_FALSE(client.has_value());
        EXPECT_THAT(client.error().message, testing::HasSubstr("TLS"));
      },
      tls_peer("elsewhere.example"));
}

TEST(ClientTls, RejectsUntrustedCertificate) {
  converse(
      echo,
      [](std::string url) -> task<> {
        const auto client = co_await websocket_connect(url);
        EXPECT_FALSE(client.has_value());
        EXPECT_THAT(client.error().message, testing::HasSubstr("not trusted"));
      },
      tls_peer("localhost"));
}

TEST(ClientTls, ConnectsWithoutVerification) {
  converse(
      echo,
      [](std::string url) -> task<> {
        ConnectOptions wanted;
        wanted.tls.verify = false;
        co_await connect_and_echo(url, wanted);
      },
      tls_peer("elsewhere.example"));
}

}  // namespace
}  // namespace coroom::test
