#pragma once

#include <coroom/client_info.hpp>
#include <coroom/clock.hpp>
#include <coroom/frame_writer.hpp>
#include <coroom/message.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace coroom {

/// A change of an earlier publication in the room's history, so that later readers do not get data that was
/// edited or deleted. Connected members learn of it by the publication that carries the revision.
struct Revision {
  std::uint64_t offset = 0;  ///< of the revised publication
  std::string data = {};     ///< replaces its data; of the same kind, JSON in one line

  /// Replaces, in the history, the data of the revision before this one; or the data of this one, where it
  /// comes after a final revision.
  std::string superseded = {};
  bool is_final = false;  ///< later revisions of the same publication come too late
};

/// Labels of a publication, by which subscribers may filter: text by text.
using Tags = std::map<std::string, std::string, std::less<>>;

/// One event of a room, as it is delivered to the members.
struct Publication {
  /// The kind of the event: a member joined or left, or data of one kind was published.
  enum class Kind { join, leave, text, binary, json };

  /// Returns a publication of a message.
  static Publication of(Message message, SharedClientInfo publisher = nullptr) {
    const Kind kind = message.kind == Message::Kind::binary ? Kind::binary
                      : message.kind == Message::Kind::json ? Kind::json
                                                            : Kind::text;
    return {.kind = kind, .client_info = std::move(publisher), .data = std::move(message.data)};
  }

  Kind kind = Kind::text;             ///< the event
  SharedClientInfo client_info = {};  ///< of the publisher, or of the member that joined or left

  /// The published data. The call that publishes checks what clients will parse: text is UTF-8, and JSON is
  /// one value (RFC 8259) that is nested at most 32 deep. Line breaks between the tokens of JSON become
  /// spaces.
  std::string data = {};

  Clock::TimePoint time = {};  ///< when the room put it into its order; set by the room
  std::uint64_t offset = 0;  ///< its number in the room's history, from 1 on, set by the room; 0: no history

  /// Applied to the room's history in the step that stores this publication; nullptr: none. A broker that
  /// does not support revisions leaves the earlier publication as it was.
  std::shared_ptr<const Revision> revision = {};

  std::shared_ptr<const Tags> tags = {};  ///< UTF-8; nullptr: none
};

/// Encodes publications for one kind of client. A room encodes each publication once for each combination of
/// encoder, framing and compression that its members use, whatever the number of members.
///
/// An encoder is shared by all shards: encode() is called on any of them, and on several at a time.
class Encoder {
 public:
  Encoder() = default;
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  virtual ~Encoder() = default;

  /// Writes the messages by which a client learns of a publication in `room`: any number, or none.
  virtual void encode(std::string_view room, const Publication& publication, FrameWriter& out) const = 0;
};

}  // namespace coroom
