#include "websocket/beast_client_stream.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <openssl/ssl.h>

namespace coroom::detail::websocket {
namespace {

namespace ssl = boost::asio::ssl;
using boost::asio::ip::tcp;

/// The TLS context, in a base class that is constructed before the stream, since OpenSSL's part of the stream
/// needs it.
struct SslContext {
  ssl::context context{ssl::context::tls_client};
};

class TlsClientStream final : private SslContext, public BeastClientStream<ssl::stream<tcp::socket>> {
 public:
  explicit TlsClientStream(const boost::asio::any_io_executor& executor)
      : BeastClientStream(executor, tcp::socket(executor), context) {}

  Result<> trust(const TlsOptions& options) {
    verify_ = options.verify;
    // The stream has a copy of the context's verification settings, but shares its certificate store.
    boost::system::error_code ec;
    context.set_default_verify_paths(ec);
    if (ec) return failure("cannot read the system's certificates: " + ec.message());
    if (options.ca_file.empty()) return {};
    context.load_verify_file(options.ca_file, ec);
    if (ec) return failure("cannot read the certificates in '" + options.ca_file + "': " + ec.message());
    return {};
  }

 private:
  task<Result<>> secure(const ClientTarget& target) override {
    boost::system::error_code address_ec;
    boost::asio::ip::make_address(target.host, address_ec);
    // RFC 6066 section 3: an address is not a server name.
    if (address_ec) SSL_set_tlsext_host_name(transport().native_handle(), target.host.c_str());
    boost::system::error_code verify_ec;
    if (verify_) {
      transport().set_verify_mode(ssl::verify_peer, verify_ec);
      if (!verify_ec) {
        transport().set_verify_callback(ssl::host_name_verification(target.host), verify_ec);
      }
    } else {
      transport().set_verify_mode(ssl::verify_none, verify_ec);
    }
    if (verify_ec) co_return failure("TLS: " + verify_ec.message());
    auto [ec] = co_await transport().async_handshake(ssl::stream_base::client, as_result);
    if (!ec) co_return Result<>();
    const long verdict = SSL_get_verify_result(transport().native_handle());
    if (verdict != X509_V_OK) {
      co_return failure(std::string("TLS: the server's certificate is not trusted: ") +
                        X509_verify_cert_error_string(verdict));
    }
    co_return failure("TLS: " + ec.message());
  }

  bool verify_ = true;
};

}  // namespace

Result<std::unique_ptr<ClientStream>> make_tls_client_stream(const boost::asio::any_io_executor& executor,
                                                             const TlsOptions& options) {
  auto stream = std::make_unique<TlsClientStream>(executor);
  if (Result<> trusted = stream->trust(options); !trusted) return tl::unexpected(trusted.error());
  return std::unique_ptr<ClientStream>(std::move(stream));
}

}  // namespace coroom::detail::websocket
