#include "application/http_stream.hpp"

#include "core/async_event.hpp"
#include "core/deadline.hpp"
#include "core/thrown.hpp"
#include "net/write_queue.hpp"

#include <coroom/frame_writer.hpp>
#include <coroom/version.hpp>

#include <deque>
#include <memory>
#include <span>
#include <utility>

namespace coroom::detail::application {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using websocket::End;

class HttpStream final : public websocket::Stream {
 public:
  HttpStream(net::Shard& shard, net::Socket socket, const HttpStreamSettings& settings)
      : shard_(shard),
        framing_(settings.framing),
        inbox_limit_(settings.queue.bytes),
        max_message_size_(settings.max_message_size),
        handshake_timeout_(settings.handshake_timeout),
        farewell_(settings.farewell),
        queue_(shard, std::move(socket), settings.queue) {}

  void begin(std::string head) { queue_.push_control(share(std::move(head))); }

  void on_control(OnControl /*call*/) override {}
  [[nodiscard]] const Framing& framing() const override { return framing_; }

  std::optional<tl::expected<Message, End>> take() override {
    if (!inbox_.empty()) {
      Message message = std::move(inbox_.front().message);
      inbox_.pop_front();
      inbox_bytes_ -= message.data.size();
      return message;
    }
    if (closing_) return tl::unexpected<End>(End(End::Kind::closed, sent_, "closed by the server"));
    if (gone_)
      return tl::unexpected<End>(End(End::Kind::lost, Disconnect(close_code::abnormal), gone_.message()));
    return std::nullopt;
  }

  task<> readable() override {
    wait_for_client();
    while (!gone_ && !closing_ && inbox_.empty()) co_await changed_.wait();
  }

  bool receive(Message message, limits::HeldForOne held) override {
    const std::size_t size = message.data.size();
    if (closing_ || size > max_message_size_ || inbox_bytes_ + size > inbox_limit_) return false;
    inbox_bytes_ += size;
    inbox_.push_back(QueuedMessage{std::move(message), std::move(held)});
    changed_.notify();
    return true;
  }

  [[nodiscard]] std::size_t queued_bytes() const override { return queue_.pending_bytes() + inbox_bytes_; }
  [[nodiscard]] std::size_t queued_output() const override { return queue_.pending_bytes(); }
  [[nodiscard]] std::size_t take_dropped_bytes() override { return queue_.take_dropped_bytes(); }
  net::Push push(SharedBytes bytes) override { return queue_.push(std::move(bytes)); }
  [[nodiscard]] std::size_t room() const override { return queue_.room(); }
  [[nodiscard]] bool has_room_for(std::size_t size) const override { return queue_.has_room_for(size); }
  task<> room_for(std::size_t size) override { return queue_.room_for(size); }
  net::Push ping(std::string_view /*payload*/) override { return net::Push::closed; }
  void drop_data() override { queue_.drop_data(); }

  void close(Disconnect disconnect) override {
    if (std::exchange(closing_, true)) return;
    sent_ = std::move(disconnect);
    say_farewell();
    queue_.refuse_more();
    changed_.notify();
  }

  task<> finish() override {
    queue_.refuse_more();
    detail::Deadline draining(shard_.executor(), [this] { queue_.give_up(); });
    draining.expires_after(handshake_timeout_);
    co_await queue_.drained();
    draining.cancel();
    abort();
    while (waiting_) co_await changed_.wait();
    co_await queue_.settled();
  }

  void abort() override {
    socket().shutdown_send();
    socket().close();
  }

  void watch(std::function<void()> lost) override {
    if (gone_) return lost();
    lost_ = std::move(lost);
    wait_for_client();
  }

  void stop_watching() override { lost_ = nullptr; }

  void set_nodelay(bool on) override {
    error_code ignored;  // the next read reports a broken socket
    socket().tcp().set_option(tcp::no_delay(on), ignored);
  }

 private:
  struct QueuedMessage {
    Message message;
    limits::HeldForOne held;  // its share of the budgets
  };

  net::Socket& socket() { return queue_.next_layer(); }

  /// Queues the last message like a close frame, however full the queue is.
  void say_farewell() {
    std::string message;
    detail::log_what_is_thrown("encoding the last message of a stream threw", [&] {
      if (farewell_) message = farewell_(sent_);
    });
    if (message.empty()) return;
    std::string block;
    FrameWriter(block, framing_).text(message);
    queue_.push_control(share(std::move(block)));
  }

  void wait_for_client() {
    if (gone_ || waiting_) return;
    // A failed session does not wait for this handler, so the stream may be gone.
    socket().async_wait(tcp::socket::wait_read,
                        [weak = std::weak_ptr<HttpStream*>(self_)](const error_code&) {
                          if (const auto self = weak.lock()) (*self)->readable_or_gone();
                        });
    waiting_ = true;
  }

  void readable_or_gone() {
    waiting_ = false;
    look();
  }

  /// Discards data of the client, which matters only by its end.
  void look() {
    error_code ec;
    socket().read_some(shard_.read_buffer(), ec);
    queue_.after_read();
    if (!ec || ec == asio::error::would_block) {
      try {
        return wait_for_client();
      } catch (const std::exception&) {
        ec = asio::error::no_memory;
      }
    }
    gone_ = ec;
    changed_.notify();
    if (lost_) std::exchange(lost_, nullptr)();
  }

  std::shared_ptr<HttpStream*> self_ = std::make_shared<HttpStream*>(this);
  net::Shard& shard_;
  Framing framing_;
  std::size_t inbox_limit_;  // bytes
  std::size_t max_message_size_;
  std::chrono::milliseconds handshake_timeout_;
  std::function<std::string(const Disconnect&)> farewell_;
  net::WriteQueue<net::Socket> queue_;
  std::deque<QueuedMessage> inbox_;
  std::size_t inbox_bytes_ = 0;
  detail::AsyncEvent changed_;  // notified when take() may have a result
  Disconnect sent_;
  error_code gone_;             // why the client is gone; no error: it is not
  std::function<void()> lost_;  // called on the loss, while a call of the handler is pending
  bool waiting_ = false;        // a wait for the client is pending
  bool closing_ = false;
};

/// Adds a field if it is missing.
void set_default(Headers& headers, std::string_view name, std::string_view value) {
  if (!headers.get(name)) headers.add(std::string(name), std::string(value));
}

}  // namespace

std::string stream_head(http::Response answer, Framing::Kind framing) {
  const bool events = framing == Framing::Kind::events;
  set_default(answer.headers, "Content-Type", events ? "text/event-stream" : "application/x-ndjson");
  set_default(answer.headers, "Cache-Control", "no-store");
  set_default(answer.headers, "X-Accel-Buffering", "no");  // else a buffering proxy would hold events back
  std::string head = "HTTP/1.1 200 OK\r\nServer: coroom/" COROOM_VERSION "\r\nDate: " + http::date_now() +
                     "\r\nConnection: close";
  for (const auto& [name, value] : answer.headers)
    head.append("\r\n").append(name).append(": ").append(value);
  head += "\r\n\r\n";
  if (events) head += "\r\n";  // shows the client an open stream before the first event
  return head;
}

std::unique_ptr<websocket::Stream> make_http_stream(net::Shard& shard, net::Socket socket,
                                                    const HttpStreamSettings& settings, std::string head) {
  auto stream = std::make_unique<HttpStream>(shard, std::move(socket), settings);
  stream->begin(std::move(head));
  return stream;
}

}  // namespace coroom::detail::application
