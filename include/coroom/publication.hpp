#pragma once

#include <coroom/client_info.hpp>
#include <coroom/clock.hpp>
#include <coroom/frame_writer.hpp>
#include <coroom/message.hpp>

#include <boost/json/fwd.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace coroom {

/// What a publication does to an earlier one in its room's history, so that later readers do not get data
/// that was edited or deleted. Members that are connected learn of it by the publication itself.
struct Revision {
  /// A revision of the publication at `of`; see the members.
  Revision(std::uint64_t of, std::string kept, std::string stub, bool last = false)
      : offset(of), data(std::move(kept)), superseded(std::move(stub)), final(last) {}

  std::uint64_t offset;  ///< of the revised publication
  std::string data;      ///< replaces its data; of the same kind, JSON in one line
  std::string
      superseded;  ///< replaces the data of the revision before this one, or of one that comes too late
  bool final;      ///< a later revision of the same publication comes too late
};

/// One thing that happened in a room, as everybody in it is told.
struct Publication {
  /// What happened: a member came or went, or said something.
  enum class Kind { join, leave, text, binary, json };

  Publication() = default;

  /// The rest of it is set by the room. What clients will parse is checked when it is published: text is
  /// UTF-8, and JSON one value (RFC 8259), not nested deeper than 32; line breaks between its tokens become
  /// spaces. Anything else is an error of the call that publishes, and nobody hears it.
  ///@{
  Publication(Kind what, SharedClientInfo who, std::string said = {})
      : kind(what), client_info(std::move(who)), data(std::move(said)) {}
  Publication(SharedClientInfo who, Message message)
      : kind(message.kind == Message::Kind::text ? Kind::text : Kind::binary),
        client_info(std::move(who)),
        data(std::move(message.data)) {}
  ///@}

  /// JSON, made from a value: there is nothing to be checked.
  Publication(SharedClientInfo who, const boost::json::value& said);

  /// JSON that is one value in one line, as the caller knows, who has parsed it: it is not looked at again,
  /// and reaches clients of the Centrifuge protocol as it is.
  static Publication of_checked_json(SharedClientInfo who, std::string said) {
    Publication publication(Kind::json, std::move(who), std::move(said));
    publication.checked_ = true;
    return publication;
  }

  /// Whether it was made by one of these two. `data` is left as it was then.
  [[nodiscard]] bool is_checked_json() const { return checked_ && kind == Kind::json; }

  Kind kind = Kind::text;  ///< what happened

 private:
  bool checked_ = false;

 public:
  SharedClientInfo client_info;  ///< who did it
  std::string data;              ///< what was said; of JSON, one value in one line
  Clock::TimePoint time;         ///< when the room put it into its order
  std::uint64_t offset = 0;      ///< its number in the room's history, the first is 1; 0: there is no history

  /// Applied to the room's history in the step that keeps this publication; nullptr: none. A broker that does
  /// not know revisions keeps the earlier publication as it was.
  std::shared_ptr<const Revision> revision = {};
};

/// Writes publications as one kind of client reads them. A room encodes each publication once for every
/// encoder that one of its members uses (and for every way to compress that they settled on), whatever their
/// number. Encoders live as long as the server and are used by all its shards.
class Encoder {
 public:
  Encoder() = default;
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  virtual ~Encoder() = default;

  /// Writes what a client is to be sent of what happened in `room`: any number of messages, none if it is not
  /// told. May be called on any shard.
  virtual void encode(std::string_view room, const Publication& publication, FrameWriter& out) const = 0;
};

}  // namespace coroom
