#include "load/audience.hpp"

#include "load/measure.hpp"

#include <utility>

namespace coroom::bench {
namespace {

constexpr std::chrono::seconds patience{10};
constexpr std::chrono::milliseconds probe_interval{50};

}  // namespace

Audience::Audience(Crowd crowd, std::vector<Dialect> dialects, std::size_t members, std::size_t bytes)
    : crowd_(std::move(crowd)), dialects_(std::move(dialects)), bytes_(bytes), probed_(members) {}

Result<Audience> Audience::gather(const LoadTarget& target, const std::vector<Dialect>& dialects,
                                  std::size_t members, std::size_t bytes) {
  if (bytes < shortest_message) {
    return failure("--bytes must be at least " + std::to_string(shortest_message) +
                   ", for the number of the message");
  }
  auto crowd = Crowd::make();
  if (!crowd) return tl::unexpected(crowd.error());
  const auto target_of = [&](std::size_t index) {
    LoadTarget own = target;
    if (dialects[index % dialects.size()].is_protobuf()) own.path += "?format=protobuf";
    return own;
  };
  if (auto connected = crowd->connect(target_of, members); !connected)
    return tl::unexpected(connected.error());
  for (std::size_t index = 0; index != members; ++index) {
    if (auto sent = crowd->send(index, dialects[index % dialects.size()].greeting(index)); !sent)
      return tl::unexpected(sent.error());
  }
  Audience audience(std::move(*crowd), dialects, members, bytes);
  if (auto all = audience.wait_until_all_listen(); !all) return tl::unexpected(all.error());
  return audience;
}

/// Sends probes until every member has received the last one; then all members are in the room.
Result<> Audience::wait_until_all_listen() {
  const auto deadline = BenchClock::now() + patience;
  const auto nothing_yet = [](std::size_t, std::uint64_t) {};
  BenchClock::time_point next{};
  while (listening_ != size()) {
    if (BenchClock::now() > deadline) {
      return failure("after 10 s only " + std::to_string(listening_) + " members receive messages");
    }
    if (BenchClock::now() > next) {
      ++last_probe_;
      listening_ = 0;
      next = BenchClock::now() + probe_interval * (1 + size() / 100);
      if (auto sent = send(0, frame(0, '?', last_probe_)); !sent) return sent;
    }
    if (auto turned = turn(std::chrono::milliseconds(10), nothing_yet); !turned) return turned;
  }
  return {};
}

void Audience::take_probe(std::size_t index, std::uint64_t number) {
  if (number != last_probe_ || probed_[index] == last_probe_) return;
  probed_[index] = last_probe_;
  ++listening_;
}

void Audience::take_other(std::size_t index, std::string_view received) {
  auto answer = dialect(index).answer_to(received);
  auto taken = answer ? send(index, *answer) : tl::unexpected(answer.error());
  if (!taken) error_ = taken.error();
}

std::string Audience::frame(std::size_t sender, char kind, std::uint64_t number) const {
  std::string message = {'@', kind};
  constexpr unsigned letter_mask = (1U << letter_bits) - 1;
  for (unsigned shift = letter_bits * (shortest_message - 2); shift != 0;)
    message += static_cast<char>(first_letter + (number >> (shift -= letter_bits) & letter_mask));
  message.resize(bytes_, '.');
  return dialect(sender).frame(message);
}

}  // namespace coroom::bench
