#include "net/turn.hpp"

#include <array>
#include <cerrno>
#include <sys/socket.h>

namespace coroom::detail::net {

std::size_t size_of(std::span<const iovec> parts) {
  std::size_t size = 0;
  for (const iovec& part : parts) size += part.iov_len;
  return size;
}

std::size_t send_once(Sender& sender) {
  constexpr std::size_t most_parts = 64;  // the kernel copies them into few packets
  std::array<iovec, most_parts> parts;
  const std::size_t count = sender.gather(parts);
  if (count == 0) return 0;
  const std::size_t size = size_of(std::span(parts).first(count));
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = count;
  const ssize_t result = ::sendmsg(sender.descriptor(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  sender.sent(result < 0 ? -errno : result);
  return size;
}

}  // namespace coroom::detail::net
