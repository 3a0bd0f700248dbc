#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coroom::detail {

/// Kinds of work of a thread that serves.
enum class WorkKind : std::uint8_t { accept, tls_handshake, http_request, message, room, delivery };

/// The latest steps of a thread's work, for the log line of a turn that took too long. A step costs some
/// stores, and the first one of a turn a look at the clock.
class WorkTrail {
 public:
  using SteadyClock = std::chrono::steady_clock;

  static WorkTrail& of_this_thread();

  /// Adds a step; `connection` as the log numbers it.
  void add(WorkKind kind, std::uint64_t connection = 0) { next(kind).connection = connection; }

  /// Adds a step of a room.
  void add(WorkKind kind, std::string_view room);

  /// Forgets everything.
  void begin_turn() {
    begun_ = {};
    forget_steps();
  }

  /// Forgets the steps, which took no long time.
  void forget_steps() { count_ = 0; }

  /// When the first step of the turn began; nullopt: there was none.
  [[nodiscard]] std::optional<SteadyClock::time_point> begun() const {
    return begun_ == SteadyClock::time_point() ? std::nullopt : std::optional(begun_);
  }

  /// The steps, such as "message of connection 7, room lobby", the oldest first.
  [[nodiscard]] std::string text() const;

 private:
  static constexpr std::size_t most_steps = 16;
  static constexpr std::size_t longest_name = 40;  // bytes

  struct Step {
    WorkKind kind = WorkKind::accept;
    std::uint8_t name_size = 0;
    std::array<char, longest_name> name{};  // a copy, as the room may be gone when it is asked for
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
