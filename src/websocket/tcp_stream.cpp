#include "websocket/tcp_stream.hpp"

#include "core/async_event.hpp"
#include "core/deadline.hpp"
#include "core/sleep.hpp"
#include "net/silence.hpp"
#include "net/write_queue.hpp"
#include "websocket/message_reader.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>

#include <memory>
#include <span>
#include <utility>
#include <variant>

namespace coroom::detail::websocket {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::seconds linger_time{2};
constexpr std::size_t linger_bytes = 4 * 1024 * 1024;  // the most to read after our close frame

MessageReader::Inflation inflation_of(const std::optional<Compression>& compression) {
  using Inflation = MessageReader::Inflation;
  if (!compression) return Inflation::none;
  return compression->client_keeps_window ? Inflation::with_a_window : Inflation::each;
}

class TcpStream final : public Stream {
 public:
  TcpStream(net::Shard& shard, net::Socket socket, const SessionSettings& settings,
            const std::optional<Compression>& compression)
      : shard_(shard),
        settings_(settings),
        queue_(shard, std::move(socket), settings.queue),
        reader_(settings.max_message_size, inflation_of(compression)),
        timer_(shard.executor(), shard.clock(), [this] { time_is_up(); }) {
    if (compression) framing_.deflate = compression->to_client;
  }

  void begin(std::string answer) {
    queue_.push_control(share(std::move(answer)));
    wait_for_ping();
  }

  void on_control(OnControl call) override { on_control_ = std::move(call); }

  [[nodiscard]] const Framing& framing() const override { return framing_; }

  std::optional<tl::expected<Message, End>> take() override {
    if (!rest_.empty()) {
      std::span<char> data = std::span(rest_).subspan(taken_);
      auto taken = take_from(data);
      taken_ = rest_.size() - data.size();
      if (data.empty()) std::string().swap(rest_);
      if (taken) return taken;
    }
    // One read at a time; then the shard serves its other connections.
    if (!std::exchange(readable_, false)) return std::nullopt;
    error_code ec;
    std::span<char> data = shard_.read_buffer();
    const std::size_t size = socket().read_some(data, ec);
    queue_.after_read();
    if (ec == asio::error::would_block) return std::nullopt;
    if (ec) return tl::unexpected<End>(end_of(ec));
    heard_ = true;
    if (is_too_much_after_goodbye(size)) abort();
    data = data.first(size);
    auto taken = take_from(data);
    // All connections of the shard share the buffer, so data behind the first message is copied.
    rest_.assign(data.begin(), data.end());
    taken_ = 0;
    return taken;
  }

  task<> readable() override {
    if (socket().has_pending()) {
      co_await asio::post(socket().get_executor(), as_result);
    } else {
      co_await socket().async_wait(tcp::socket::wait_read, as_result);
    }
    readable_ = true;  // or broken; the read reports that
  }

  [[nodiscard]] std::size_t queued_bytes() const override { return queue_.pending_bytes(); }
  [[nodiscard]] std::size_t queued_output() const override { return queue_.pending_bytes(); }
  [[nodiscard]] std::size_t take_dropped_bytes() override { return queue_.take_dropped_bytes(); }
  net::Push push(SharedBytes frames) override { return queue_.push(std::move(frames)); }

  [[nodiscard]] std::size_t room() const override { return queue_.room(); }
  [[nodiscard]] bool has_room_for(std::size_t size) const override { return queue_.has_room_for(size); }
  task<> room_for(std::size_t size) override { return queue_.room_for(size); }

  net::Push ping(std::string_view payload) override { return push_control(Opcode::ping, payload); }

  void close(Disconnect disconnect) override {
    if (std::exchange(closing_, true)) return;
    say_goodbye(disconnect);
    sent_ = std::move(disconnect);
    timer_.expires_after(settings_.handshake_timeout);
  }

  void drop_data() override { queue_.drop_data(); }

  task<> finish() override {
    // Not with operator||: if there is no memory to start its second part, it waits for the first without a
    // limit.
    detail::Deadline draining(shard_.executor(), [this] { queue_.give_up(); });
    draining.expires_after(settings_.handshake_timeout);
    co_await queue_.drained();
    draining.cancel();
    socket().shutdown_send();
    if (!peer_closed_) {
      detail::Deadline lingering(shard_.executor(), [this] { abort(); });
      lingering.expires_after(linger_time);
      co_await linger();
    }
    abort();
    stop_watching();
    while (watching_) co_await unwatched_.wait();
    co_await queue_.settled();
  }

  void abort() override { socket().close(); }

  void watch(std::function<void()> lost) override {
    lost_ = std::move(lost);
    if (!watching_) wait_for_loss();
  }

  void stop_watching() override {
    lost_ = nullptr;
    watch_.emit(asio::cancellation_type::total);
  }

  void set_nodelay(bool on) override {
    error_code ignored;  // the next read reports a broken socket
    socket().tcp().set_option(tcp::no_delay(on), ignored);
  }

 private:
  net::Socket& socket() { return queue_.next_layer(); }

  /// Takes bytes from the front, up to the first message or the end of the stream.
  std::optional<tl::expected<Message, End>> take_from(std::span<char>& data) {
    while (auto event = reader_.next(data)) {
      if (auto* message = std::get_if<Message>(&*event)) {
        partial_since_.reset();
        if (late_) continue;
        return std::move(*message);
      }
      if (const auto* control = std::get_if<Control>(&*event)) {
        answer(*control);
      } else if (auto* close = std::get_if<CloseFrame>(&*event)) {
        return tl::unexpected<End>(closed_by_peer(std::move(close->disconnect)));
      } else {
        return tl::unexpected<End>(refuse(std::get<Violation>(*event)));
      }
    }
    watch_partial();
    return std::nullopt;
  }

  void answer(const Control& control) {
    // A peer that sends pings but never reads the pongs is disconnected.
    if (control.opcode == Opcode::ping && push_control(Opcode::pong, control.payload) == net::Push::overflow)
      abort();
    if (on_control_) on_control_(control.opcode, control.payload);
  }

  net::Push push_control(Opcode opcode, std::string_view payload) {
    std::string frame;
    append_frame(frame, opcode, payload);
    return queue_.push_control(share(std::move(frame)));
  }

  /// Queues a close frame; no frame may follow it.
  void say_goodbye(const Disconnect& disconnect) {
    std::string frame;
    append_close_frame(frame, disconnect);
    queue_.push_control(share(std::move(frame)));
    queue_.refuse_more();
  }

  /// Returns whether the peer has sent too much after our close frame. Bounds the reads from a peer that
  /// ignores it.
  bool is_too_much_after_goodbye(std::size_t size) {
    if (closing_) after_goodbye_ += size;
    return after_goodbye_ > linger_bytes;
  }

  [[nodiscard]] End closed_by_us() const {
    if (late_) return {End::Kind::violated, sent_, sent_.reason};
    return {End::Kind::closed, sent_, "closed by the server"};
  }

  End closed_by_peer(Disconnect disconnect) {
    peer_closed_ = true;
    if (closing_) return closed_by_us();
    say_goodbye(Disconnect(disconnect.code));  // RFC 6455 section 5.5.1: the code is echoed
    return {End::Kind::closed, std::move(disconnect), "closed by the client"};
  }

  End refuse(const Violation& violation) {
    if (closing_) return closed_by_us();
    say_goodbye(violation.disconnect);
    return {End::Kind::violated, violation.disconnect, violation.disconnect.reason};
  }

  End end_of(const error_code& ec) {
    if (closing_) return closed_by_us();
    return {End::Kind::lost, Disconnect(close_code::abnormal),
            silent_ ? "no answer to a ping" : ec.message()};
  }

  /// Starts the timeout of a message that has begun to arrive. Most reads of a busy connection end inside a
  /// message. So the timer keeps running after the message is complete, and is checked when it expires.
  void watch_partial() {
    if (!reader_.is_partial()) {
      partial_since_.reset();
    } else if (!partial_since_) {
      partial_since_ = detail::timer_time(shard_.clock());
      if (partial_) return;
      partial_ = std::make_unique<detail::Deadline>(shard_.executor(), shard_.clock(),
                                                    [this] { look_at_partial(); });
      partial_->expires_after(settings_.message_timeout);
    }
  }

  void look_at_partial() {
    if (!partial_since_) return partial_.reset();
    const auto waited = detail::timer_time(shard_.clock()) - *partial_since_;
    if (waited < settings_.message_timeout)
      return partial_->expires_after(settings_.message_timeout - waited);
    if (closing_) return;
    late_ = true;
    close(Disconnect(close_code::policy_violation, "a message took too long"));
  }

  void wait_for_loss() {
    // A failed session does not wait for this handler, so the stream may be gone.
    const auto ended = [weak = std::weak_ptr<TcpStream*>(self_)](const error_code& ec) {
      if (const auto self = weak.lock()) (*self)->watched(ec);
    };
    socket().async_wait(tcp::socket::wait_error, asio::bind_cancellation_slot(watch_.slot(), ended));
    watching_ = true;
  }

  void watched(const error_code& ec) {
    watching_ = false;
    // The wait was stopped, and watch() called again, before this handler ran.
    if (lost_ && ec == asio::error::operation_aborted && socket().tcp().is_open()) return wait_for_loss();
    unwatched_.notify();
    if (lost_) std::exchange(lost_, nullptr)();
  }

  void wait_for_ping() {
    pinged_ = false;
    if (settings_.ping_interval.count() != 0) timer_.expires_after(settings_.ping_interval);
  }

  void time_is_up() {
    if (!socket().tcp().is_open()) return;
    try {
      if (!closing_) return keep_alive();
      // Nothing is read while a call of the handler is pending, so the peer's close frame may be unread.
      if (watching_) return timer_.expires_after(settings_.handshake_timeout);
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): out of memory; no timer can start
    }
    abort();
  }

  /// Called when the ping interval or the ping timeout is over. Any received data counts as an answer. The
  /// pong may wait behind a long message, or be unread while a call of the handler is pending.
  void keep_alive() {
    if (!pinged_) {
      pinged_ = true;
      heard_ = false;
      ping({});
      timer_.expires_after(settings_.ping_timeout);
    } else if (heard_ || net::silence_of(socket().tcp()) < settings_.ping_timeout) {
      wait_for_ping();
    } else {
      silent_ = true;
      abort();
    }
  }

  /// Waits for the peer's FIN after ours. After a complete closing handshake the server closes first (RFC
  /// 6455 section 7.1.1). Without one, the peer may still be sending; closing with unread bytes would reset
  /// the connection, which could discard our close frame.
  task<> linger() {
    error_code ec;
    while (!ec) {
      auto [wait_ec] = co_await socket().async_wait(tcp::socket::wait_read, as_result);
      const std::span<char> buffer = shard_.read_buffer();
      std::size_t size = 0;
      if (!wait_ec) size = socket().tcp().read_some(asio::buffer(buffer.data(), buffer.size()), ec);
      if ((after_goodbye_ += size) > linger_bytes) co_return;
      if (wait_ec) ec = wait_ec;
      if (ec == asio::error::would_block) ec = {};
    }
  }

  net::Shard& shard_;
  SessionSettings settings_;
  net::WriteQueue<net::Socket> queue_;
  Framing framing_;
  MessageReader reader_;
  std::string rest_;       // data of the last read behind a message
  std::size_t taken_ = 0;  // bytes of rest_ already parsed
  OnControl on_control_;
  detail::Deadline timer_;                                 // for pings and the closing handshake
  std::optional<std::chrono::nanoseconds> partial_since_;  // set while a message is incomplete
  std::unique_ptr<detail::Deadline> partial_;  // null until a message is incomplete for the first time
  std::function<void()> lost_;
  asio::cancellation_signal watch_;
  detail::AsyncEvent unwatched_;
  Disconnect sent_;
  std::size_t after_goodbye_ = 0;  // bytes read after our close frame
  bool readable_ = false;
  bool closing_ = false;
  bool peer_closed_ = false;
  bool pinged_ = false;    // a ping was sent, and its timeout runs
  bool heard_ = false;     // data was read since the ping
  bool silent_ = false;    // no data within the ping timeout
  bool late_ = false;      // a message took too long
  bool watching_ = false;  // a wait for the loss of the peer is pending
  std::shared_ptr<TcpStream*> self_ = std::make_shared<TcpStream*>(this);
};

}  // namespace

std::unique_ptr<Stream> make_tcp_stream(net::Shard& shard, net::Socket socket,
                                        const SessionSettings& settings, const Handshake& handshake) {
  const auto compression =
      settings.compression ? agree(handshake.extensions, *settings.compression) : std::nullopt;
  auto stream = std::make_unique<TcpStream>(shard, std::move(socket), settings, compression);
  stream->begin(switching_protocols(handshake, compression));
  return stream;
}

}  // namespace coroom::detail::websocket
