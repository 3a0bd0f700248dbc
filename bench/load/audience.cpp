#include "load/audience.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <utility>

namespace coroom::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{10};
constexpr std::chrono::milliseconds probe_interval{50};

// A message is "@!" or, for a probe, "@?", then the number in hexadecimal, then padding.
struct Marker {
  bool probe;
  std::uint64_t number;
};

/// nullopt for a line that somebody entered or left.
std::optional<Marker> marker_of(std::string_view line, std::size_t bytes) {
  if (line.size() < bytes) return std::nullopt;
  line.remove_prefix(line.size() - bytes);
  if (line[0] != '@' || (line[1] != '!' && line[1] != '?')) return std::nullopt;
  std::uint64_t number = 0;
  std::from_chars(line.data() + 2, line.data() + Audience::shortest_message, number, 16);
  return Marker{line[1] == '?', number};
}

}  // namespace

Audience::Audience(Crowd crowd, std::size_t members, std::size_t bytes)
    : crowd_(std::move(crowd)), bytes_(bytes), probed_(members) {}

Result<Audience> Audience::gather(const Target& target, std::size_t members, std::size_t bytes) {
  if (bytes < shortest_message) {
    return failure("a message needs " + std::to_string(shortest_message) + " bytes at least, for its number");
  }
  auto crowd = Crowd::make();
  if (!crowd) return tl::unexpected(crowd.error());
  if (auto connected = crowd->connect(target, members); !connected) return tl::unexpected(connected.error());
  Audience audience(std::move(*crowd), members, bytes);
  if (auto all = audience.wait_until_all_listen(); !all) return tl::unexpected(all.error());
  return audience;
}

Result<> Audience::turn(std::chrono::milliseconds wait, const OnMessage& on_message) {
  auto ready = crowd_.turn(wait, [&](std::size_t who, std::string_view line) {
    const auto marker = marker_of(line, bytes_);
    if (!marker) return;
    if (marker->probe) {
      take_probe(who, marker->number);
    } else {
      on_message(who, marker->number);
    }
  });
  if (!ready) return tl::unexpected(ready.error());
  return {};
}

/// Sends probes until every member has got the last of them: from then on all are in the room.
Result<> Audience::wait_until_all_listen() {
  const auto deadline = SteadyClock::now() + patience;
  const auto nothing_yet = [](std::size_t, std::uint64_t) {};
  SteadyClock::time_point next{};
  while (listening_ != size()) {
    if (SteadyClock::now() > deadline) {
      return failure("after 10 s only " + std::to_string(listening_) + " of the members get messages");
    }
    if (SteadyClock::now() > next) {
      ++last_probe_;
      listening_ = 0;
      next = SteadyClock::now() + probe_interval * (1 + size() / 100);
      if (auto sent = send(0, frame('?', last_probe_)); !sent) return sent;
    }
    if (auto turned = turn(std::chrono::milliseconds(10), nothing_yet); !turned) return turned;
  }
  return {};
}

void Audience::take_probe(std::size_t who, std::uint64_t number) {
  if (number != last_probe_ || probed_[who] == last_probe_) return;
  probed_[who] = last_probe_;
  ++listening_;
}

std::string Audience::frame(char kind, std::uint64_t number) const {
  std::array<char, shortest_message + 1> text{};
  std::snprintf(text.data(), text.size(), "@%c%016lx", kind, number);
  std::string message(text.data(), shortest_message);
  message.resize(bytes_, '.');
  constexpr unsigned text_opcode = 1;
  return client_frame(text_opcode, message);
}

}  // namespace coroom::bench
