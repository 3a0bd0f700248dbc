#include "support/document_server.hpp"

#include <arpa/inet.h>
#include <csignal>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace coroom::test {

/// The socket of one client, with or without TLS.
struct DocumentServer::Connection final : Visitor {
  Connection(int accepted, const std::string& tls_pem) : socket(accepted) {
    if (tls_pem.empty()) return;
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_server_method()),
                                                                    SSL_CTX_free);
    const auto read = [&](auto parse) {
      const std::unique_ptr<BIO, decltype(&BIO_free)> pem(
          BIO_new_mem_buf(tls_pem.data(), static_cast<int>(tls_pem.size())), BIO_free);
      return parse(pem.get());
    };
    X509* const certificate =
        read([](BIO* pem) { return PEM_read_bio_X509(pem, nullptr, nullptr, nullptr); });
    EVP_PKEY* const key =
        read([](BIO* pem) { return PEM_read_bio_PrivateKey(pem, nullptr, nullptr, nullptr); });
    SSL_CTX_use_certificate(context.get(), certificate);
    SSL_CTX_use_PrivateKey(context.get(), key);
    X509_free(certificate);
    EVP_PKEY_free(key);
    tls.reset(SSL_new(context.get()));
    SSL_set_fd(tls.get(), socket);
    is_open = SSL_accept(tls.get()) == 1;
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() override { ::close(socket); }

  /// Returns an empty text at the end.
  std::string read() {
    std::string bytes(4096, '\0');
    const auto size = static_cast<int>(bytes.size());
    const auto got = tls ? SSL_read(tls.get(), bytes.data(), size)
                         : static_cast<int>(::recv(socket, bytes.data(), bytes.size(), 0));
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }

  bool write(std::string_view bytes) override {
    while (!bytes.empty() && is_open) {
      const auto sent = tls ? SSL_write(tls.get(), bytes.data(), static_cast<int>(bytes.size()))
                            : static_cast<int>(::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL));
      if (sent <= 0) return is_open = false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return is_open;
  }

  void wait_for_end() override {
    while (!read().empty()) {
    }
  }

  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  int socket;
  std::unique_ptr<SSL, Free> tls;
  bool is_open = true;
};

DocumentServer::DocumentServer(WriteResponse answer, std::string tls_pem)
    : tls_pem_(std::move(tls_pem)), answer_(std::move(answer)) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to sockets that the client has closed
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 8) != 0 ||
      ::getsockname(listener_, generic, &size) != 0)
    throw std::runtime_error("no port to listen on");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

DocumentServer::~DocumentServer() {
  is_stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (current_ != -1) ::shutdown(current_, SHUT_RDWR);
  }
  thread_.join();
  ::close(listener_);
}

DocumentServer::WriteResponse DocumentServer::document(std::string body, const std::string& fields) {
  return bytes("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + fields +
               "\r\n" + body);
}

DocumentServer::WriteResponse DocumentServer::bytes(std::string response) {
  return [response = std::move(response)](Visitor& visitor) { visitor.write(response); };
}

void DocumentServer::become(WriteResponse answer) {
  const std::lock_guard<std::mutex> lock(mutex_);
  answer_ = std::move(answer);
}

void DocumentServer::wait_for_requests(std::size_t number) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [&] { return requests_ >= number; });
}

void DocumentServer::wait_for_bytes() {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [&] { return has_bytes_; });
}

std::size_t DocumentServer::requests() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return requests_;
}

std::string DocumentServer::last_request() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return last_request_;
}

std::string DocumentServer::url(const std::string& host) const {
  return (tls_pem_.empty() ? "http://" : "https://") + host + ':' + std::to_string(port_) + "/keys?x=1";
}

void DocumentServer::run() {
  while (!is_stopping_) {
    const int accepted = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (accepted == -1) continue;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      current_ = accepted;
      if (is_stopping_) ::shutdown(accepted, SHUT_RDWR);
    }
    Connection connection(accepted, tls_pem_);
    if (connection.is_open) serve(connection);
    const std::lock_guard<std::mutex> lock(mutex_);
    current_ = -1;
  }
}

void DocumentServer::serve(Connection& connection) {
  std::string request;
  while (!request.ends_with("\r\n\r\n")) {
    const std::string more = connection.read();
    if (more.empty()) return;
    request += more;
    const std::lock_guard<std::mutex> lock(mutex_);
    has_bytes_ = true;
    changed_.notify_all();
  }
  WriteResponse answer;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    last_request_ = std::move(request);
    ++requests_;
    answer = answer_;
  }
  changed_.notify_all();
  answer(connection);
}

}  // namespace coroom::test
