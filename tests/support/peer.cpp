#include "support/peer.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <type_traits>
#include <utility>

namespace coroom::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

template <class Transport>
class BeastPeer final : public Peer {
 public:
  template <class... Arguments>
  explicit BeastPeer(const PeerOptions& options, Arguments&&... arguments)
      : options_(options), ws_(std::forward<Arguments>(arguments)...) {
    beast::websocket::permessage_deflate deflate;
    deflate.server_enable = options.deflate;
    deflate.msg_size_threshold = 0;
    ws_.set_option(deflate);
    ws_.read_message_max(0);
    ws_.control_callback([this](beast::websocket::frame_type kind, beast::string_view payload) {
      if (kind == beast::websocket::frame_type::ping) pings_.emplace_back(payload);
      if (kind == beast::websocket::frame_type::pong) pongs_.emplace_back(payload);
    });
    ws_.set_option(beast::websocket::stream_base::decorator([name = options.subprotocol](auto& response) {
      if (!name.empty()) response.set(beast::http::field::sec_websocket_protocol, name);
    }));
  }

  task<bool> accept() override {
    if constexpr (!std::is_same_v<Transport, tcp::socket>) {
      auto [ec] = co_await ws_.next_layer().async_handshake(asio::ssl::stream_base::server, as_result);
      if (ec) co_return false;
    }
    auto [read_ec, size] = co_await beast::http::async_read(ws_.next_layer(), buffer_, request_, as_result);
    if (read_ec) co_return false;
    auto [ec] = co_await ws_.async_accept(request_, as_result);
    buffer_.clear();
    co_return !ec;
  }

  task<std::optional<Message>> read() override {
    buffer_.clear();
    auto [ec, size] = co_await ws_.async_read(buffer_, as_result);
    if (ec) co_return std::nullopt;
    co_return Message(ws_.got_text() ? Message::Kind::text : Message::Kind::binary,
                      beast::buffers_to_string(buffer_.data()));
  }

  task<> write(Message message) override {
    ws_.text(message.kind == Message::Kind::text);
    co_await ws_.async_write(asio::buffer(message.data), as_result);
  }

  task<> write_part(std::string part, bool final) override {
    ws_.text(true);
    co_await ws_.async_write_some(final, asio::buffer(part), as_result);
  }

  task<> ping(std::string payload) override {
    const beast::websocket::ping_data data(payload);
    co_await ws_.async_ping(data, as_result);
  }

  task<> close(Disconnect how) override {
    const beast::websocket::close_reason reason(static_cast<beast::websocket::close_code>(how.code),
                                                how.reason);
    co_await ws_.async_close(reason, as_result);
  }

  task<> write_raw(std::string bytes) override {
    co_await asio::async_write(ws_.next_layer(), asio::buffer(bytes), as_result);
  }

  task<> wait_for_end() override {
    beast::error_code end;
    while (!end) {
      buffer_.clear();
      auto [ec, size] = co_await ws_.next_layer().async_read_some(buffer_.prepare(4096), as_result);
      end = ec;
    }
  }

  void reset() override {
    auto& socket = beast::get_lowest_layer(ws_);
    socket.set_option(asio::socket_base::linger(true, 0));
    socket.close();
  }

  [[nodiscard]] std::string field(const std::string& name) const override {
    return std::string(request_[name]);
  }
  [[nodiscard]] Disconnect end() const override {
    const auto& reason = ws_.reason();
    return Disconnect(reason.code, std::string(reason.reason.data(), reason.reason.size()));
  }
  [[nodiscard]] const std::vector<std::string>& pings() const override { return pings_; }
  [[nodiscard]] const std::vector<std::string>& pongs() const override { return pongs_; }

 private:
  PeerOptions options_;
  beast::websocket::stream<Transport, true> ws_;
  beast::flat_buffer buffer_;
  beast::http::request<beast::http::string_body> request_;
  std::vector<std::string> pings_;
  std::vector<std::string> pongs_;
};

}  // namespace

std::unique_ptr<Peer> make_peer(tcp::socket socket, const PeerOptions& options) {
  if (options.tls_pem.empty()) {
    return std::make_unique<BeastPeer<tcp::socket>>(options, std::move(socket));
  }
  // OpenSSL counts references, so the context may end before the stream.
  asio::ssl::context context(asio::ssl::context::tls_server);
  context.use_certificate_chain(asio::buffer(options.tls_pem));
  context.use_private_key(asio::buffer(options.tls_pem), asio::ssl::context::pem);
  return std::make_unique<BeastPeer<asio::ssl::stream<tcp::socket>>>(options, std::move(socket), context);
}

task<> only_read(Peer& peer) {
  while (co_await peer.read()) {
  }
}

}  // namespace coroom::test
