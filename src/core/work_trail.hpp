#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coroom::detail {

/// Kinds of work of a shard's thread.
enum class WorkKind : std::uint8_t { accept, tls_handshake, http_request, message, room, delivery };

/// The latest steps of a thread's work, for the log line of a turn that took too long. A step costs a few
/// stores; the first step of a turn also reads the clock.
class WorkTrail {
 public:
  using SteadyClock = std::chrono::steady_clock;

  static WorkTrail& of_this_thread();

  /// Adds a step. `connection` is the number of the connection in the log.
  void add(WorkKind kind, std::uint64_t connection = 0) { next(kind).connection = connection; }

  /// Adds a step of a room.
  void add(WorkKind kind, std::string_view room);

  /// Clears the steps and the begin time.
  void begin_turn() {
    begun_ = {};
    forget_steps();
  }

  /// Clears the steps, because they took only a short time.
  void forget_steps() { count_ = 0; }

  /// Returns when the first step of the turn began; nullopt if there was none.
  [[nodiscard]] std::optional<SteadyClock::time_point> begun() const {
    return begun_ == SteadyClock::time_point() ? std::nullopt : std::optional(begun_);
  }

  /// Returns the steps, oldest first, such as "message of connection 7, room lobby".
  [[nodiscard]] std::string text() const;

 private:
  static constexpr std::size_t most_steps = 16;
  static constexpr std::size_t longest_name = 40;  // bytes

  struct Step {
    WorkKind kind = WorkKind::accept;
    std::uint8_t name_size = 0;
    std::array<char, longest_name> name{};  // a copy, as the room may be destroyed before text() is called
    std::uint64_t connection = 0;
  };

  Step& next(WorkKind kind) {
    if (begun_ == SteadyClock::time_point()) begun_ = SteadyClock::now();
    Step& step = steps_[count_++ % most_steps];
    step.kind = kind;
    step.name_size = 0;
    return step;
  }

  static std::string text_of(const Step& step);

  SteadyClock::time_point begun_;
  std::size_t count_ = 0;
  std::array<Step, most_steps> steps_{};
};

}  // namespace coroom::detail
