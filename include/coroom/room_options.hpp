#pragma once

#include <chrono>
#include <cstddef>

namespace coroom {

/// The features of a room beside delivering publications.
struct RoomOptions {
  bool presence = true;                      ///< the room keeps the list of its members
  bool join_leave = true;                    ///< members get the joins and leaves of others
  std::size_t history_size = 0;              ///< publications that the room keeps; 0: none
  std::size_t history_bytes = 0;             ///< bytes of data, tags and client infos that it keeps; 0: any
                                             ///< number
  std::chrono::milliseconds history_ttl{0};  ///< the time for which it keeps each publication; 0: keeps none
  bool durable = true;                       ///< the history outlives the process, if the broker supports it
  std::chrono::milliseconds broker_timeout{5000};  ///< for the broker to begin to store a publication, or to
                                                   ///< read a history; an error afterwards

  /// Returns whether the room has a history: only then publications have offsets and can be read again.
  [[nodiscard]] bool keeps_history() const { return history_size > 0 && history_ttl.count() > 0; }
};

}  // namespace coroom
