// The chat of coroom's plain endpoint, written in the usual way on Boost.Beast. It has one thread, a queue of
// shared messages for each session, and one async_write for each frame. coroom's write path is compared with
// it.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <boost/program_options.hpp>

#include <array>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <iostream>
#include <memory>
#include <string>
#include <unordered_set>
#include <utility>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using SharedMessage = std::shared_ptr<const std::string>;

class ChatSession;

/// All sessions.
class ChatRoom {
 public:
  explicit ChatRoom(bool announces) : announces_(announces) {}

  void join(ChatSession& session);
  void leave(ChatSession& session);
  void send_to_all(const SharedMessage& message);
  [[nodiscard]] bool announces() const { return announces_; }

 private:
  bool announces_;
  std::unordered_set<ChatSession*> sessions_;
};

SharedMessage line(const std::string& address, const std::string& event) {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  std::array<char, 32> time{};
  std::strftime(time.data(), time.size(), "%Y-%m-%d %H:%M:%S", &local);
  return std::make_shared<const std::string>("[" + address + "]-[" + time.data() + "]-" + event);
}

class ChatSession : public std::enable_shared_from_this<ChatSession> {
 public:
  ChatSession(tcp::socket socket, ChatRoom& room) : ws_(std::move(socket)), room_(room) {}

  void run() {
    tcp::socket& socket = beast::get_lowest_layer(ws_).socket();
    socket.set_option(tcp::no_delay(true));
    address_ = socket.remote_endpoint().address().to_string();
    ws_.set_option(beast::websocket::stream_base::timeout::suggested(beast::role_type::server));
    ws_.async_accept([self = shared_from_this()](beast::error_code ec) {
      if (ec) return;
      self->room_.join(*self);
      if (self->room_.announces()) self->room_.send_to_all(line(self->address_, "进入聊天室"));
      self->read();
    });
  }

  void send(const SharedMessage& message) {
    queue_.push_back(message);
    if (queue_.size() == 1) write();
  }

 private:
  void read() {
    ws_.async_read(buffer_, [self = shared_from_this()](beast::error_code ec, std::size_t) {
      if (ec) return self->end();
      self->room_.send_to_all(line(self->address_, "说：" + beast::buffers_to_string(self->buffer_.data())));
      self->buffer_.clear();
      self->read();
    });
  }

  void write() {
    ws_.text(true);
    ws_.async_write(asio::buffer(*queue_.front()),
                    [self = shared_from_this()](beast::error_code ec, std::size_t) {
                      if (ec) return;
                      self->queue_.pop_front();
                      if (!self->queue_.empty()) self->write();
                    });
  }

  void end() {
    room_.leave(*this);
    if (room_.announces()) room_.send_to_all(line(address_, "离开聊天室"));
  }

  beast::websocket::stream<beast::tcp_stream> ws_;
  ChatRoom& room_;
  std::string address_;
  beast::flat_buffer buffer_;
  std::deque<SharedMessage> queue_;
};

void ChatRoom::join(ChatSession& session) {
  sessions_.insert(&session);
}

void ChatRoom::leave(ChatSession& session) {
  sessions_.erase(&session);
}

void ChatRoom::send_to_all(const SharedMessage& message) {
  for (ChatSession* session : sessions_) session->send(message);
}

void accept(tcp::acceptor& acceptor, ChatRoom& room) {
  acceptor.async_accept([&acceptor, &room](beast::error_code ec, tcp::socket socket) {
    if (!ec) std::make_shared<ChatSession>(std::move(socket), room)->run();
    accept(acceptor, room);
  });
}

void run(int argc, const char* const* argv) {
  namespace po = boost::program_options;
  unsigned short port = 0;
  po::options_description flags("A chat on plain Beast");
  flags.add_options()                                                                   //
      ("port", po::value(&port)->default_value(8000), "TCP port; 0 picks a free port")  //
      ("no-announce", "do not announce joins and leaves");
  po::variables_map values;
  po::store(po::parse_command_line(argc, argv, flags), values);
  po::notify(values);

  asio::io_context context(1);
  ChatRoom room(values.count("no-announce") == 0);
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), port});
  std::cout << "listening on port " << acceptor.local_endpoint().port() << '\n' << std::flush;
  accept(acceptor, room);
  context.run();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(argc, argv);
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << "beast-chat: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
