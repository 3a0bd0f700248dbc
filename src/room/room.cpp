#include "room/room.hpp"

#include "room/seat.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace coroom::room {
namespace {

// Bounds the memory of one turn's block, and with it what a queue may hold beyond its limit.
constexpr std::size_t block_limit = 256 * 1024;  // bytes

// Events taken in one go; then the shard's other work has its turn.
constexpr unsigned burst = 1024;

}  // namespace

Room::Room(net::Shard& home, net::ShardGroup& shards, const Settings& settings, const Clock& clock)
    : home_(home),
      shards_(shards),
      clock_(clock),
      channel_(home.executor(), settings.channel_capacity),
      state_(settings.announce_limit),
      rosters_(shards.size()),
      members_by_shard_(shards.size()) {}

task<> Room::run() {
  const auto self = shared_from_this();
  while (!retired_) {
    auto [ec, event] = co_await channel_.async_receive(as_result);
    if (ec) break;
    apply(std::move(event));
    take_what_waits();
    home_.seal_at_turn_end(*this);
  }
  seal();
  if (is_linked()) unlink();
}

void Room::retire() {
  retired_ = true;
  RoomEvent wake;
  try_send(wake);  // a channel too full for it wakes the room anyhow
}

task<> Room::send(RoomEvent event) {
  if (try_send(event)) co_return;
  co_await channel_.async_send(boost::system::error_code(), std::move(event), as_result);
}

bool Room::try_send(RoomEvent& event) {
  // The channel moves from the event only when it has room for it.
  return channel_.try_send(boost::system::error_code(), std::move(event));
}

void Room::take_what_waits() {
  for (unsigned taken = 0; taken != burst; ++taken) {
    const bool any = channel_.try_receive([this](boost::system::error_code ec, RoomEvent event) {
      if (!ec) apply(std::move(event));
    });
    if (!any) return;
  }
}

void Room::apply(RoomEvent event) {
  switch (event.kind) {
    case RoomEvent::Kind::wake:
      break;
    case RoomEvent::Kind::enter:
      enter(std::move(event.entry));
      break;
    case RoomEvent::Kind::leave:
      leave(event);
      break;
    case RoomEvent::Kind::publish:
      event.publication.time = clock_.now();
      add(event.publication);
      break;
  }
}

void Room::enter(std::shared_ptr<Entry> entry) {
  seal();  // what was said before is for those who were here
  ++members_by_shard_[entry->home.index()];
  writer_.use(entry->encoding);
  const SharedAuthor author = entry->author();
  if (&entry->home == &home_) {
    entry->seated();
  } else {
    net::Shard& shard = entry->home;
    boost::asio::post(shard.executor(), [entry = std::move(entry)] { entry->seated(); });
  }
  announce(state_.enter(author, clock_.now()));
}

void Room::leave(const RoomEvent& event) {
  seal();  // while the encoding of the one who leaves is still in use
  --members_by_shard_[event.shard];
  writer_.release(*event.encoding);
  announce(state_.leave(event.author, clock_.now()));
}

void Room::announce(const std::optional<Publication>& publication) {
  if (publication) add(*publication);
}

void Room::add(const Publication& publication) {
  writer_.add(publication);
  if (writer_.size() > block_limit) seal();
}

void Room::seal() {
  if (writer_.size() == 0) return;
  for (const BlockWriter::Block& block : writer_.seal()) deliver(block);
}

void Room::deliver(const BlockWriter::Block& block) {
  for (const auto& shard : shards_) {
    if (members_by_shard_[shard->index()] == 0) continue;
    if (shard.get() == &home_) {
      rosters_[home_.index()].deliver(block.first, block.second);
    } else {
      boost::asio::post(shard->executor(), [self = shared_from_this(), index = shard->index(), block] {
        self->rosters_[index].deliver(block.first, block.second);
      });
    }
  }
}

}  // namespace coroom::room
