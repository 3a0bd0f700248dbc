// The least that a chat on one thread can do, as a limit for the others: epoll, no timeouts, no limits, no
// queues. All messages of one turn go to all members as one block in one send. A member that does not take it
// at once is waited for. With io_uring, one system call sends to 512 members. A client that breaks the
// protocol ends the program.

#include "testkit/frame_reader.hpp"

#include <boost/endian/conversion.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <liburing.h>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <poll.h>
#include <span>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

using coroom::testkit::FrameReader;
using coroom::testkit::FrameView;

/// A connection, and its bytes that are no whole request or frame yet.
struct RelayMember {
  std::string data;
  bool upgraded = false;
  FrameReader reader{coroom::testkit::FrameSender::client};
};

std::string accepted(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 32> encoded{};
  const int size = EVP_EncodeBlock(encoded.data(), digest.data(), digest.size());
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(size)};
}

void append_line(std::string& block, std::string_view message) {
  const std::time_t now = std::time(nullptr);
  static std::time_t last = 0;
  static std::string prefix;
  if (now != last) {
    last = now;
    std::tm local{};
    std::array<char, 64> text{};
    std::strftime(text.data(), text.size(), "[127.0.0.1]-[%Y-%m-%d %H:%M:%S]-说：",
                  localtime_r(&now, &local));
    prefix = text.data();
  }
  const std::size_t size = prefix.size() + message.size();
  block.push_back(static_cast<char>(0x81));
  if (size < 126) {
    block.push_back(static_cast<char>(size));
  } else {
    std::array<unsigned char, 2> length{};
    boost::endian::store_big_u16(length.data(), static_cast<std::uint16_t>(size));
    block.push_back(126);
    block.append(length.begin(), length.end());
  }
  block.append(prefix).append(message);
}

/// Moves the whole frames of `data` to `block`, as lines.
void take_frames(FrameReader& reader, std::string& data, std::string& block) {
  std::size_t at = 0;
  while (true) {
    const FrameView frame = reader.next(std::string_view(data).substr(at));
    if (frame.size == 0) break;
    const std::span<char> payload(data.data() + at + frame.head.size, frame.payload.size());
    FrameReader::unmask(payload, frame.head.mask);
    append_line(block, {payload.data(), payload.size()});
    at += frame.size;
  }
  data.erase(0, at);
}

void send_all(int socket, std::string_view data) {
  while (!data.empty()) {
    const ssize_t sent = send(socket, data.data(), data.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      data.remove_prefix(static_cast<std::size_t>(sent));
    } else {
      pollfd writable{socket, POLLOUT, 0};
      if (poll(&writable, 1, 1000) != 1 || (writable.revents & (POLLERR | POLLHUP)) != 0) return;
    }
  }
}

/// Sends by io_uring.
class RelayRing {
 public:
  RelayRing() {
    if (const int status = io_uring_queue_init(most, &ring_, 0); status != 0) {
      std::fprintf(stderr, "relay: no io_uring: %s\n", std::strerror(-status));
      std::exit(EXIT_FAILURE);
    }
  }
  RelayRing(const RelayRing&) = delete;
  RelayRing& operator=(const RelayRing&) = delete;
  ~RelayRing() { io_uring_queue_exit(&ring_); }

  void send(std::span<const int> sockets, std::string_view block) {
    while (!sockets.empty()) {
      const auto some = sockets.first(std::min<std::size_t>(most, sockets.size()));
      send_some(some, block);
      sockets = sockets.subspan(some.size());
    }
  }

 private:
  static constexpr unsigned most = 512;

  void send_some(std::span<const int> sockets, std::string_view block) {
    for (const int socket : sockets) {
      io_uring_sqe* entry = io_uring_get_sqe(&ring_);
      io_uring_prep_send(entry, socket, block.data(), block.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      io_uring_sqe_set_data64(entry, static_cast<std::uint64_t>(socket));
    }
    for (std::size_t completed = 0; completed != sockets.size();) {
      io_uring_submit_and_wait(&ring_, static_cast<unsigned>(sockets.size() - completed));
      for (io_uring_cqe* entry = nullptr; io_uring_peek_cqe(&ring_, &entry) == 0; ++completed) {
        const auto sent = static_cast<std::size_t>(std::max(entry->res, 0));
        send_all(static_cast<int>(io_uring_cqe_get_data64(entry)), block.substr(sent));
        io_uring_cqe_seen(&ring_, entry);
      }
    }
  }

  io_uring ring_{};
};

void upgrade(int socket, RelayMember& member) {
  const std::size_t end = member.data.find("\r\n\r\n");
  if (end == std::string::npos) return;
  constexpr std::string_view field = "Sec-WebSocket-Key: ";
  const std::size_t key = member.data.find(field) + field.size();
  send_all(socket,
           "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Accept: " +
               accepted(std::string_view(member.data).substr(key, member.data.find('\r', key) - key)) +
               "\r\n\r\n");
  member.data.erase(0, end + 4);
  member.upgraded = true;
}

int listen_on(int port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener, SOMAXCONN) != 0) {
    std::perror("relay");
    std::exit(EXIT_FAILURE);
  }
  return listener;
}

class Relay {
 public:
  /// Sends by plain system calls if `ring` is nullptr.
  Relay(int port, std::unique_ptr<RelayRing> ring) : listener_(listen_on(port)), ring_(std::move(ring)) {
    watch(listener_);
  }

  void turn() {
    std::array<epoll_event, 1024> events{};
    const int ready = epoll_wait(epoll_, events.data(), events.size(), -1);
    for (int index = 0; index < ready; ++index) {
      const int socket = events.at(static_cast<std::size_t>(index)).data.fd;
      socket == listener_ ? accept_all() : read(socket);
    }
    if (block_.empty()) return;
    ring_ ? send_by_ring() : send_by_calls();
    block_.clear();
  }

 private:
  void accept_all() {
    for (int socket = 0; (socket = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
      const int on = 1;
      setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      members_.try_emplace(socket);
      watch(socket);
    }
  }

  void send_by_calls() {
    for (const auto& [socket, member] : members_) {
      if (member.upgraded) send_all(socket, block_);
    }
  }

  void send_by_ring() {
    receivers_.clear();
    for (const auto& [socket, member] : members_) {
      if (member.upgraded) receivers_.push_back(socket);
    }
    ring_->send(receivers_, block_);
  }

  void read(int socket) {
    const ssize_t size = recv(socket, buffer_.data(), buffer_.size(), 0);
    RelayMember& member = members_[socket];
    if (size <= 0) {
      close(socket);
      members_.erase(socket);
      return;
    }
    member.data.append(buffer_.data(), static_cast<std::size_t>(size));
    if (!member.upgraded) upgrade(socket, member);
    if (member.upgraded) take_frames(member.reader, member.data, block_);
  }

  void watch(int socket) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = socket;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
  }

  int epoll_ = epoll_create1(0);
  int listener_;
  std::unique_ptr<RelayRing> ring_;
  std::unordered_map<int, RelayMember> members_;
  std::vector<int> receivers_;  // of the block, for the ring
  std::string block_;
  std::vector<char> buffer_ = std::vector<char>(64 * 1024);
};

}  // namespace

int main(int argc, char** argv) {
  const bool by_ring = argc == 3 && std::string_view(argv[2]) == "io_uring";
  if (argc != 2 && !by_ring) {
    std::fputs("usage: relay PORT [io_uring]\n", stderr);
    return EXIT_FAILURE;
  }
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  Relay relay(std::atoi(argv[1]), by_ring ? std::make_unique<RelayRing>() : nullptr);
  while (true) relay.turn();
}
