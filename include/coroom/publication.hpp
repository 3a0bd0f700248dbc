#pragma once

#include <coroom/clock.hpp>
#include <coroom/frame_writer.hpp>
#include <coroom/message.hpp>

#include <memory>
#include <string>
#include <utility>

namespace coroom {

/// Who acts in a room.
struct Author {
  /// With this address.
  explicit Author(std::string from) : address(std::move(from)) {}

  std::string address;  ///< of the client, as the server sees it; a proxy's word counts where it is trusted
};

/// One author of many publications.
using SharedAuthor = std::shared_ptr<const Author>;

/// One thing that happened in a room, as everybody in it is told.
struct Publication {
  /// What happened: a member came or went, or said something.
  enum class Kind { enter, leave, text, binary };

  Publication() = default;

  /// Its time is set by the room.
  ///@{
  Publication(Kind what, SharedAuthor who) : kind(what), author(std::move(who)) {}
  Publication(SharedAuthor who, Message message)
      : kind(message.kind == Message::Kind::text ? Kind::text : Kind::binary),
        author(std::move(who)),
        data(std::move(message.data)) {}
  ///@}

  Kind kind = Kind::text;  ///< what happened
  SharedAuthor author;     ///< who did it
  std::string data;        ///< of a message
  Clock::TimePoint time;   ///< when the room put it into its order
};

/// Writes publications as one kind of client reads them. A room encodes each publication once for every
/// encoder that one of its members uses (and for
/// every way to compress that they settled on), whatever their number. Encoders live as long as the server
/// and are used by all its shards.
class Encoder {
 public:
  Encoder() = default;
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  virtual ~Encoder() = default;

  /// Writes what a client is to be sent: any number of messages, none if it is not told. May be called on any
  /// shard.
  virtual void encode(const Publication& publication, FrameWriter& out) const = 0;
};

}  // namespace coroom
