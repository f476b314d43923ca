"""CogVideoX-2b's architecture at a size that trains on a CPU."""

from diffusers import AutoencoderKLCogVideoX, CogVideoXDDIMScheduler, CogVideoXTransformer3DModel
from transformers import T5Config, T5EncoderModel

from clips import FRAMES, SIZE

LATENT_CHANNELS = 16
TEXT_LENGTH = 32
TEXT_WIDTH = 64
VOCABULARY = 2048  # the tokenizer has 2,000 pieces; rounded up, as T5 does


def vae() -> AutoencoderKLCogVideoX:
    """0.73 M parameters, compression 8x8x4."""
    return AutoencoderKLCogVideoX(
        block_out_channels=(16, 16, 32, 32),
        down_block_types=("CogVideoXDownBlock3D",) * 4,
        up_block_types=("CogVideoXUpBlock3D",) * 4,
        layers_per_block=1,
        norm_num_groups=4,
        latent_channels=LATENT_CHANNELS,
        temporal_compression_ratio=4,
        sample_height=SIZE,
        sample_width=SIZE,
        scaling_factor=1.0,
    )


def text_encoder() -> T5EncoderModel:
    """T5 v1.1's encoder, 0.21 M parameters."""
    encoder = T5EncoderModel(
        T5Config(
            vocab_size=VOCABULARY,
            d_model=TEXT_WIDTH,
            d_kv=16,
            d_ff=128,
            num_layers=2,
            num_heads=4,
            dropout_rate=0.0,
            feed_forward_proj="gated-gelu",
            is_gated_act=True,
            dense_act_fn="gelu_new",
            tie_word_embeddings=False,
        )
    )
    encoder.shared.weight.data.normal_(0, 1)
    return encoder


def transformer() -> CogVideoXTransformer3DModel:
    """2.47 M parameters, 3D sin-cos positions as in 2b."""
    return CogVideoXTransformer3DModel(
        num_layers=6,
        num_attention_heads=4,
        attention_head_dim=32,
        in_channels=LATENT_CHANNELS,
        out_channels=LATENT_CHANNELS,
        time_embed_dim=128,
        text_embed_dim=TEXT_WIDTH,
        max_text_seq_length=TEXT_LENGTH,
        sample_width=SIZE // 8,
        sample_height=SIZE // 8,
        sample_frames=FRAMES,
        spatial_interpolation_scale=1.0,
    )


def scheduler() -> CogVideoXDDIMScheduler:
    """2b's: v-prediction, zero terminal SNR, shifted by 3."""
    return CogVideoXDDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        clip_sample=False,
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        snr_shift_scale=3.0,
        timestep_spacing="trailing",
    )
