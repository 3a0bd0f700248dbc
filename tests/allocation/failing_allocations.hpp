#pragma once

namespace coroom::test {

/// Fails allocations by operator new while it exists. One at a time. It counts the allocations of all threads
/// but those that are spared.
class FailingAllocations {
 public:
  /// Which of the allocations fail.
  enum class Which { each_nth, nth };

  FailingAllocations(Which which, unsigned number);
  FailingAllocations(const FailingAllocations&) = delete;
  FailingAllocations& operator=(const FailingAllocations&) = delete;
  ~FailingAllocations();

  /// Returns how many have failed since the construction.
  [[nodiscard]] static unsigned count();

  /// Spares the calling thread from now on.
  static void spare_this_thread();
};

}  // namespace coroom::test
