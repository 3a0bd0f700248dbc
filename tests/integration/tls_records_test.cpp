#include "net/tls_context.hpp"
#include "net/tls_session.hpp"
#include "support/certificate.hpp"
#include "support/temporary.hpp"

#include <boost/asio/error.hpp>
#include <gtest/gtest.h>

#include <array>
#include <fcntl.h>
#include <memory>
#include <openssl/ssl.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace coroom::test {
namespace {

using boost::system::error_code;

/// A TLS client and the server's session on a pair of sockets that do not block.
class TlsRecords : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write("cert.pem", make_certificate("localhost"));
    const auto file = folder_.path() / "cert.pem";
    context_ = detail::net::TlsContext::open({file, file}).value();
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, sockets_.data()), 0);
    const int room = 1 << 20;
    setsockopt(sockets_[0], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    session_ = context_->session(sockets_[1]);
  }

  void TearDown() override {
    client_.reset();
    for (const int socket : sockets_) close(socket);
  }

  void connect(int version) {
    client_context_.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_min_proto_version(client_context_.get(), version);
    SSL_CTX_set_max_proto_version(client_context_.get(), version);
    client_.reset(SSL_new(client_context_.get()));
    SSL_set_fd(client_.get(), sockets_[0]);
    error_code ec = boost::asio::error::would_block;
    for (int step = 0; step != 10 && ec == boost::asio::error::would_block; ++step) {
      SSL_connect(client_.get());
      ec = session_->handshake();
      flush();
    }
    ASSERT_FALSE(ec) << ec.message();
    SSL_connect(client_.get());
  }

  void say(std::string_view text) {
    ASSERT_EQ(SSL_write(client_.get(), text.data(), static_cast<int>(text.size())), text.size());
  }

  void update_keys() {
    SSL_key_update(client_.get(), SSL_KEY_UPDATE_REQUESTED);
    SSL_do_handshake(client_.get());
  }

  std::size_t read(error_code& ec) {
    const std::size_t size = session_->read(buffer_, ec);
    flush();
    return size;
  }

  void flush() {
    const auto output = session_->output();
    if (!output.empty()) ASSERT_EQ(write(sockets_[1], output.data(), output.size()), output.size());
    session_->consume(output.size());
  }

  std::array<int, 2> sockets_{};
  std::unique_ptr<detail::net::TlsSession> session_;

 private:
  struct FreeHandle {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };

  TemporaryFolder folder_;
  std::unique_ptr<detail::net::TlsContext> context_;
  std::unique_ptr<SSL_CTX, FreeHandle> client_context_;
  std::unique_ptr<SSL, FreeHandle> client_;
  std::array<char, std::size_t{64} * 1024> buffer_{};
};

TEST_F(TlsRecords, ReadsFewAtATime) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    if (session_ && version == TLS1_3_VERSION) {
      TearDown();
      SetUp();
    }
    connect(version);
    constexpr std::size_t records = 500;
    for (std::size_t record = 0; record != records; ++record) say("x");
    std::size_t total = 0;
    int reads = 0;
    do {
      error_code ec;
      const std::size_t size = read(ec);
      EXPECT_FALSE(ec) << ec.message();
      EXPECT_LE(size, 100) << "so that other connections have their turn";
      total += size;
      ++reads;
      EXPECT_TRUE(total == records || session_->has_pending()) << total;
    } while (total < records && reads != 100);
    EXPECT_EQ(total, records);
    error_code ec;
    EXPECT_EQ(read(ec), 0);
    EXPECT_EQ(ec, boost::asio::error::would_block);
  }
}

TEST_F(TlsRecords, MayUpdateKeysIfTheyCarryData) {
  connect(TLS1_3_VERSION);
  const std::string much(std::size_t{64} * 1024, 'x');
  for (int times = 0; times != 40; ++times) {
    update_keys();
    std::size_t total = 0;
    say(much);
    while (total < much.size()) {
      error_code ec;
      total += read(ec);
      ASSERT_FALSE(ec) << times << ": " << ec.message();
    }
  }
}

TEST_F(TlsRecords, EndsConnectionIfEmpty) {
  connect(TLS1_3_VERSION);
  for (int times = 0; times != 1000; ++times) update_keys();
  say("x");
  error_code ec;
  EXPECT_EQ(read(ec), 0);
  EXPECT_EQ(ec, boost::system::errc::protocol_error);
  EXPECT_TRUE(session_->has_pending()) << "the end is there";
  EXPECT_TRUE(session_->at_end());
}

TEST_F(TlsRecords, EndsConnectionIfSmall) {
  connect(TLS1_3_VERSION);
  error_code ec;
  for (int times = 0; times != 100 && (!ec || ec == boost::asio::error::would_block); ++times) {
    update_keys();
    say("x");
    ec = {};
    read(ec);
  }
  EXPECT_EQ(ec, boost::system::errc::protocol_error);
}

TEST_F(TlsRecords, EndsHandshakeIfOfOneByte) {
  // A client hello of 16 KiB, one byte in each record.
  std::string records("\x16\x03\x01\x00\x04\x01\x00\x40\x00", 9);
  for (int record = 0; record != 1000; ++record) records += std::string("\x16\x03\x01\x00\x01x", 6);
  ASSERT_EQ(write(sockets_[0], records.data(), records.size()), records.size());
  EXPECT_EQ(session_->handshake(), boost::system::errc::protocol_error);
}

TEST_F(TlsRecords, EndsHandshakeIfHelloIsLong) {
  // In one record, whose length comes in pieces.
  for (const std::string& records :
       {std::string("\x16\x03\x01\x01\x00\x01\x00\x40\x01", 9),
        std::string("\x16\x03\x01\x00\x02\x01\x02\x16\x03\x01\x00\x02\x01\x40", 14)}) {
    TearDown();
    SetUp();
    ASSERT_EQ(write(sockets_[0], records.data(), records.size()), records.size());
    EXPECT_EQ(session_->handshake(), boost::system::errc::protocol_error);
  }
}

TEST(TlsRecordsLimit, GrowsWithData) {
  EXPECT_FALSE(detail::net::is_too_much(16, 0));
  EXPECT_TRUE(detail::net::is_too_much(17, 0));
  EXPECT_FALSE(detail::net::is_too_much(17, 64 * 1024));
  EXPECT_TRUE(detail::net::is_too_much(1000, std::uint64_t{10} << 20));
}

}  // namespace
}  // namespace coroom::test
