#include "net/send_ring.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <liburing.h>
#include <span>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace coroom::detail::net {
namespace {

constexpr unsigned sends_a_call = 512;
constexpr std::size_t parts_a_send = 8;  // usually one: a room's block

/// One send in progress, and the memory that the kernel reads for it.
struct RingSend {
  Sender* sender = nullptr;
  std::array<iovec, parts_a_send> parts{};
  msghdr message{};
  int result = 0;
};

}  // namespace

class SendRing::Impl {
 public:
  Impl() : made_(io_uring_queue_init(sends_a_call, &ring_, 0) == 0) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (made_) io_uring_queue_exit(&ring_);
  }

  /// Returns whether the kernel can send by io_uring; old kernels have io_uring without sends.
  [[nodiscard]] bool works() {
    if (!made_) return false;
    io_uring_probe* known = io_uring_get_probe_ring(&ring_);
    const bool sends = known != nullptr && io_uring_opcode_supported(known, IORING_OP_SEND) != 0 &&
                       io_uring_opcode_supported(known, IORING_OP_SENDMSG) != 0;
    io_uring_free_probe(known);
    return sends;
  }

  void send(Senders& senders, std::size_t most) {
    while (most != 0 && !senders.empty()) {
      const std::size_t count = prepare(senders, most);
      try {
        submit(count);
      } catch (const std::exception&) {  // their results are unknown
        for (const RingSend& send : std::span(sends_).first(count)) send.sender->sent(-EIO);
        throw;
      }
      // No send is in progress now, so a sender may change its queue.
      for (const RingSend& send : std::span(sends_).first(count)) send.sender->sent(send.result);
    }
  }

 private:
  /// Prepares sends, and subtracts their bytes from `most`.
  std::size_t prepare(Senders& senders, std::size_t& most) {
    std::size_t count = 0;
    while (count != sends_.size() && most != 0 && !senders.empty()) {
      Sender& sender = senders.front();
      senders.pop_front();
      RingSend& send = sends_[count];
      const std::size_t parts = sender.gather(send.parts);
      if (parts == 0) continue;
      most -= std::min(most, size_of(std::span(send.parts).first(parts)));
      send.sender = &sender;
      io_uring_sqe* entry = io_uring_get_sqe(&ring_);
      constexpr int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
      if (parts == 1) {
        io_uring_prep_send(entry, sender.descriptor(), send.parts[0].iov_base, send.parts[0].iov_len, flags);
      } else {
        send.message = {};
        send.message.msg_iov = send.parts.data();
        send.message.msg_iovlen = parts;
        io_uring_prep_sendmsg(entry, sender.descriptor(), &send.message, flags);
      }
      io_uring_sqe_set_data64(entry, count);
      ++count;
    }
    return count;
  }

  /// Blocks until the kernel has reported the result of each send.
  void submit(std::size_t count) {
    std::size_t completed = 0;
    while (completed != count) {
      const int status = io_uring_submit_and_wait(&ring_, static_cast<unsigned>(count - completed));
      if (status < 0 && status != -EINTR && status != -EAGAIN)
        throw std::system_error(-status, std::generic_category(), "io_uring_submit_and_wait");
      io_uring_cqe* entry = nullptr;
      while (io_uring_peek_cqe(&ring_, &entry) == 0) {
        sends_[io_uring_cqe_get_data64(entry)].result = entry->res;
        io_uring_cqe_seen(&ring_, entry);
        ++completed;
      }
    }
  }

  io_uring ring_{};
  bool made_;
  std::vector<RingSend> sends_ = std::vector<RingSend>(sends_a_call);
};

SendRing::SendRing(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

SendRing::~SendRing() = default;

bool SendRing::works() {
  bool made = false;
  // The kernel may interrupt the thread that made a ring, so a temporary thread makes it.
  std::jthread([&made] { made = make() != nullptr; }).join();
  return made;
}

std::unique_ptr<SendRing> SendRing::make() {
  auto impl = std::make_unique<Impl>();
  if (!impl->works()) return nullptr;
  return std::unique_ptr<SendRing>(new SendRing(std::move(impl)));
}

void SendRing::send(Senders& senders, std::size_t most) {
  impl_->send(senders, most);
}

}  // namespace coroom::detail::net
