/* The tests: TEST(name) is test_name() in one of the files here. */
TEST(layer_charges_by_hand)
TEST(layer_spikes_and_resets)
TEST(layer_refuses_a_shape_and_stays)
TEST(layer_takes_a_step_back)
TEST(layer_has_the_same_bits_on_threads)
