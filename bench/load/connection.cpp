#include "load/connection.hpp"

#include <boost/endian/conversion.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <regex>
#include <sys/socket.h>
#include <unistd.h>

namespace coroom::bench {
namespace {

constexpr unsigned close_opcode = 8;

tl::unexpected<Error> system_failure(const std::string& what) {
  return failure(what + ": " + std::strerror(errno));
}

}  // namespace

Result<LoadTarget> parse_target(const std::string& url) {
  static const std::regex form(R"(ws(s?)://(\d+\.\d+\.\d+\.\d+):(\d{1,5})(/[^ ]*))");
  std::smatch match;
  if (!std::regex_match(url, match, form)) {
    return failure("'" + url + "' is not a URL such as ws://127.0.0.1:8000/chat");
  }
  return LoadTarget{match[1].length() != 0, match[2], static_cast<std::uint16_t>(std::stoi(match[3])),
                    match[4], testkit::HandshakeFields::required};
}

std::string client_frame(unsigned opcode, std::string_view payload) {
  constexpr unsigned masked = 0x80;
  std::string frame(1, static_cast<char>(0x80U | opcode));
  if (payload.size() < 126) {
    frame.push_back(static_cast<char>(masked | payload.size()));
  } else if (payload.size() <= UINT16_MAX) {
    const auto size = boost::endian::native_to_big(static_cast<std::uint16_t>(payload.size()));
    frame.push_back(static_cast<char>(masked | 126U));
    frame.append(reinterpret_cast<const char*>(&size), sizeof size);
  } else {
    const auto size = boost::endian::native_to_big(static_cast<std::uint64_t>(payload.size()));
    frame.push_back(static_cast<char>(masked | 127U));
    frame.append(reinterpret_cast<const char*>(&size), sizeof size);
  }
  return frame.append(4, '\0').append(payload);
}

Result<LoadConnection> LoadConnection::open(const LoadTarget& target) {
  LoadConnection connection(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (connection.socket() < 0) return system_failure("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(target.port);
  inet_pton(AF_INET, target.address.c_str(), &address.sin_addr);
  if (::connect(connection.socket(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return system_failure("cannot connect to " + target.address + ":" + std::to_string(target.port));
  }
  const int on = 1;
  setsockopt(connection.socket(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (target.tls) {
    if (auto secured = connection.start_tls(); !secured) return tl::unexpected(secured.error());
  }
  const std::string host = target.address + ":" + std::to_string(target.port);
  auto sent = connection.send(testkit::handshake_request(target.path, host, target.fields));
  if (!sent) return tl::unexpected(sent.error());
  return connection;
}

OwnedDescriptor::~OwnedDescriptor() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<> LoadConnection::send(std::string_view frame) {
  unsent_.append(frame);
  return flush();
}

Result<> LoadConnection::flush() {
  while (!unsent_.empty()) {
    const auto sent = send_some();
    if (!sent) return tl::unexpected(sent.error());
    if (*sent == 0) break;
    unsent_.erase(0, *sent);
  }
  return {};
}

Result<std::size_t> LoadConnection::send_some() {
  if (tls_) {
    const int sent = SSL_write(tls_.get(), unsent_.data(), static_cast<int>(unsent_.size()));
    if (sent > 0) return static_cast<std::size_t>(sent);
    if (SSL_get_error(tls_.get(), sent) == SSL_ERROR_WANT_WRITE) return 0;
    return failure("TLS: the server closed the connection");
  }
  const ssize_t sent = ::send(socket(), unsent_.data(), unsent_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  if (errno == EAGAIN) return 0;
  return system_failure("send");
}

void LoadConnection::FreeTls::operator()(SSL* tls) const {
  SSL_free(tls);
}

Result<> LoadConnection::start_tls() {
  static SSL_CTX* const context = [] {
    SSL_CTX* made = SSL_CTX_new(TLS_client_method());
    // Unsent data may move before the next try.
    SSL_CTX_set_mode(made, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return made;
  }();
  tls_.reset(SSL_new(context));
  SSL_set_fd(tls_.get(), socket());
  if (SSL_connect(tls_.get()) != 1) return failure("the TLS handshake failed");
  if (fcntl(socket(), F_SETFL, O_NONBLOCK) != 0) return system_failure("fcntl");
  return {};
}

std::string LoadConnection::begin_close() {
  phase_ = Phase::close_sent;
  constexpr std::string_view normal_closure("\x03\xe8", 2);  // 1000
  return client_frame(close_opcode, normal_closure);
}

void LoadConnection::reset_when_closed() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(socket(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

Result<std::size_t> LoadConnection::receive(std::span<char> buffer) {
  if (buffer.empty()) return failure("the server sent a frame larger than the read buffer");
  if (tls_) return receive_by_tls(buffer);
  const ssize_t size = ::recv(socket(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (size > 0) return static_cast<std::size_t>(size);
  if (size == 0) return on_end();
  if (errno == EAGAIN) return 0;
  return system_failure("recv");
}

/// OpenSSL returns one record at a time.
Result<std::size_t> LoadConnection::receive_by_tls(std::span<char> buffer) {
  std::size_t received = 0;
  while (received != buffer.size()) {
    const int size =
        SSL_read(tls_.get(), buffer.data() + received, static_cast<int>(buffer.size() - received));
    if (size > 0) {
      received += static_cast<std::size_t>(size);
    } else if (SSL_get_error(tls_.get(), size) == SSL_ERROR_WANT_READ) {
      break;
    } else {
      return on_end();
    }
  }
  return received;
}

Result<std::size_t> LoadConnection::on_end() {
  if (phase_ != Phase::closed) return failure("the server closed a connection");
  phase_ = Phase::ended;
  return 0;
}

Result<> LoadConnection::finish_upgrade(std::string_view& data) {
  if (upgraded()) return {};
  const std::size_t end = data.find("\r\n\r\n");
  if (end == std::string_view::npos) return {};
  if (!data.starts_with("HTTP/1.1 101")) {
    return failure("the server refused to upgrade: " + std::string(data.substr(0, data.find('\r'))));
  }
  data.remove_prefix(end + 4);
  phase_ = Phase::open;
  return {};
}

Result<> LoadConnection::on_control(unsigned opcode, std::string_view payload) {
  constexpr unsigned ping = 9;
  constexpr unsigned pong = 10;
  if (opcode == ping) return send(client_frame(pong, payload));
  if (opcode != close_opcode) return {};
  if (phase_ == Phase::close_sent) {
    phase_ = Phase::closed;
    return {};
  }
  return failure("the server sent a close frame with code " +
                 std::to_string(testkit::FrameReader::close_code(payload)));
}

}  // namespace coroom::bench
