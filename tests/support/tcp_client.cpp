#include "support/tcp_client.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace coroom::test {
namespace {

constexpr int patience = 10;  // seconds

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

int connect_to(std::uint16_t port, const TcpClient::TcpOptions& settings) {
  const bool v6 = settings.address.find(':') != std::string::npos;
  const int socket = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) fail("socket");
  if (settings.receive_buffer != 0) {
    setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &settings.receive_buffer, sizeof settings.receive_buffer);
  }
  const int at_once = 1;  // so that pieces stay pieces
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  const timeval limit{patience, 0};
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_storage storage{};
  socklen_t size = 0;
  if (v6) {
    auto* address = reinterpret_cast<sockaddr_in6*>(&storage);
    address->sin6_family = AF_INET6;
    address->sin6_port = htons(port);
    inet_pton(AF_INET6, settings.address.c_str(), &address->sin6_addr);
    size = sizeof *address;
  } else {
    auto* address = reinterpret_cast<sockaddr_in*>(&storage);
    address->sin_family = AF_INET;
    address->sin_port = htons(port);
    inet_pton(AF_INET, settings.address.c_str(), &address->sin_addr);
    size = sizeof *address;
  }
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&storage), size) != 0) fail("connect");
  return socket;
}

[[noreturn]] void fail_tls(const char* what) {
  throw std::runtime_error(std::string(what) + ": " + ERR_error_string(ERR_get_error(), nullptr));
}

}  // namespace

void TcpClient::ReleaseSsl::operator()(SSL* ssl) const {
  SSL_free(ssl);
}

TcpClient::TcpClient(std::uint16_t port, const TcpOptions& settings) : socket_(connect_to(port, settings)) {
  if (!settings.tls) return;
  std::signal(SIGPIPE, SIG_IGN);  // writes of OpenSSL raise it
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), settings.tls_version);
  SSL_CTX_set_max_proto_version(context.get(), settings.tls_version);
  // So that the server rejects old versions, not this client.
  SSL_CTX_set_security_level(context.get(), 0);
  tls_.reset(SSL_new(context.get()));
  if (!settings.protocols.empty()) {
    SSL_set_alpn_protos(tls_.get(), reinterpret_cast<const unsigned char*>(settings.protocols.data()),
                        static_cast<unsigned>(settings.protocols.size()));
  }
  if (!settings.ciphers.empty() && SSL_set_cipher_list(tls_.get(), settings.ciphers.c_str()) != 1)
    throw std::logic_error("no cipher of OpenSSL's: " + settings.ciphers);
  SSL_set_fd(tls_.get(), socket_);
  if (SSL_connect(tls_.get()) != 1) {
    close();
    fail_tls("TLS");
  }
}

TcpClient::TcpClient(TcpClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      tls_(std::move(other.tls_)),
      received_(std::move(other.received_)) {}

TcpClient::~TcpClient() {
  close();
}

void TcpClient::send(std::string_view bytes) {
  if (tls_ && !bytes.empty()) {
    if (SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0) fail_tls("SSL_write");
    return;
  }
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) fail("send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string TcpClient::read_until(std::string_view end) {
  while (received_.find(end) == std::string::npos) {
    if (!receive_more()) throw std::runtime_error("the peer closed too early; it sent: " + received_);
  }
  return read_exactly(received_.find(end) + end.size());
}

std::string TcpClient::read_exactly(std::size_t size) {
  while (received_.size() < size) {
    if (!receive_more()) throw std::runtime_error("the peer closed too early; it sent: " + received_);
  }
  std::string bytes = received_.substr(0, size);
  received_.erase(0, size);
  return bytes;
}

std::string TcpClient::read_to_end() {
  while (receive_more()) {
  }
  return std::exchange(received_, {});
}

bool TcpClient::at_end() {
  return received_.empty() && !receive_more();
}

void TcpClient::reset() {
  const linger at_once{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void TcpClient::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

std::string TcpClient::certificate_name() const {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(tls_.get()),
                                                                X509_free);
  std::array<char, 256> name{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name.data(),
                            name.size());
  return name.data();
}

int TcpClient::certificates() const {
  return sk_X509_num(SSL_get_peer_cert_chain(tls_.get()));
}

void TcpClient::renegotiate() {
  if (SSL_renegotiate(tls_.get()) != 1 || SSL_do_handshake(tls_.get()) != 1) fail_tls("SSL_renegotiate");
}

std::string TcpClient::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(tls_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

void TcpClient::update_keys() {
  if (SSL_key_update(tls_.get(), SSL_KEY_UPDATE_REQUESTED) != 1 || SSL_do_handshake(tls_.get()) != 1)
    fail_tls("SSL_key_update");
}

bool TcpClient::receive_more() {
  std::array<char, 65536> chunk;
  errno = 0;
  const ssize_t size = tls_ ? SSL_read(tls_.get(), chunk.data(), static_cast<int>(chunk.size()))
                            : ::recv(socket_, chunk.data(), chunk.size(), 0);
  // Without a final alert, the TLS stream was truncated.
  if (tls_ && size <= 0 && SSL_get_error(tls_.get(), static_cast<int>(size)) == SSL_ERROR_SSL)
    fail_tls("SSL_read");
  if (size < 0 && errno != ECONNRESET) fail("recv");
  if (size <= 0) return false;
  received_.append(chunk.data(), static_cast<std::size_t>(size));
  return true;
}

}  // namespace coroom::test
