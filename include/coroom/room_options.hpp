#pragma once

#include <chrono>
#include <cstddef>

namespace coroom {

/// What a room does beside passing on what is said.
struct RoomOptions {
  bool presence = true;                      ///< it knows who is in it
  bool join_leave = true;                    ///< it tells who enters and leaves
  std::size_t history_size = 0;              ///< publications that it keeps; 0: none
  std::size_t history_bytes = 0;             ///< of data and infos that it keeps; 0: any number
  std::chrono::milliseconds history_ttl{0};  ///< how long it keeps each; 0: not at all
  bool durable = true;  ///< what it keeps survives the process, if the broker can do that
  std::chrono::milliseconds broker_timeout{5000};  ///< for the broker to begin to keep a publication, or to
                                                   ///< read a history; then that is an error

  /// Publications have offsets, and can be read again, only where it does.
  [[nodiscard]] bool keeps_history() const { return history_size > 0 && history_ttl.count() > 0; }
};

}  // namespace coroom
